import Foundation

/// A job of the workspace, without its runs.
public struct Job: Hashable, Sendable, Identifiable {
    public let key: JobKey
    /// The display name; `nil` while only the key is known.
    public var name: String?
    /// The folder and the file of the job in the workspace.
    public var path: String?

    public var id: JobKey { key }

    public init(key: JobKey, name: String? = nil, path: String? = nil) {
        self.key = key
        self.name = name
        self.path = path
    }
}
