/// A workspace of an AI Data Platform instance. Keys are unique only within it.
package struct Place: Hashable, Sendable, Comparable {
    /// The OCID of the instance.
    package let instanceID: String
    /// The key of the workspace.
    package let workspaceKey: String

    package init(instanceID: String, workspaceKey: String) {
        self.instanceID = instanceID
        self.workspaceKey = workspaceKey
    }

    package static func < (left: Place, right: Place) -> Bool {
        (left.instanceID, left.workspaceKey) < (right.instanceID, right.workspaceKey)
    }
}

/// Identifies a job by its place and its key. The key is opaque text, compared byte for byte.
package struct JobID: Hashable, Sendable, Comparable {
    package let place: Place
    package let key: String

    package init(place: Place, key: String) {
        self.place = place
        self.key = key
    }

    /// Compares the keys first, because they differ between most jobs.
    package static func == (left: JobID, right: JobID) -> Bool { left.key == right.key && left.place == right.place }

    package static func < (left: JobID, right: JobID) -> Bool {
        left.key == right.key ? left.place < right.place : left.key < right.key
    }

    /// Hashes only the key, which rarely occurs in two places: a board looks up jobs for every row of every frame.
    package func hash(into hasher: inout Hasher) { hasher.combine(key) }
}

/// Identifies a run by its job and its key. The key is opaque text.
package struct RunID: Hashable, Sendable, Comparable {
    package let job: JobID
    package let key: String

    package init(job: JobID, key: String) {
        self.job = job
        self.key = key
    }

    package static func == (left: RunID, right: RunID) -> Bool { left.key == right.key && left.job == right.job }

    package static func < (left: RunID, right: RunID) -> Bool {
        left.key == right.key ? left.job < right.job : left.key < right.key
    }

    /// Hashes only the key, as a job's id does.
    package func hash(into hasher: inout Hasher) { hasher.combine(key) }
}
