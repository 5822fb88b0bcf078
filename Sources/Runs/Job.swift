import Foundation

/// A job of the workspace, without its runs.
package struct Job: Hashable, Sendable, Identifiable {
    package let id: JobID
    /// The display name; `nil` while only the key is known.
    package var name: String?
    /// The folder and the file of the job in the workspace.
    package var path: String?

    package init(id: JobID, name: String? = nil, path: String? = nil) {
        self.id = id
        self.name = name
        self.path = path
    }
}
