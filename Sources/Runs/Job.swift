import Foundation

/// A job of the workspace, without its runs.
package struct Job: Hashable, Sendable, Identifiable {
    package let key: JobKey
    /// The display name; `nil` while only the key is known.
    package var name: String?
    /// The folder and the file of the job in the workspace.
    package var path: String?

    package var id: JobKey { key }

    package init(key: JobKey, name: String? = nil, path: String? = nil) {
        self.key = key
        self.name = name
        self.path = path
    }
}
