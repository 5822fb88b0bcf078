/// Where jobs live: a workspace of an AI Data Platform instance. Keys are unique within it, and nowhere else.
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

/// Which job: its place, and its key there. The key is opaque text, compared byte for byte.
package struct JobID: Hashable, Sendable, Comparable {
    package let place: Place
    package let key: String

    package init(place: Place, key: String) {
        self.place = place
        self.key = key
    }

    /// The keys are compared first: they tell most jobs apart.
    package static func == (left: JobID, right: JobID) -> Bool { left.key == right.key && left.place == right.place }

    package static func < (left: JobID, right: JobID) -> Bool {
        left.key == right.key ? left.place < right.place : left.key < right.key
    }

    /// By the key alone, which rarely occurs in two places: a board looks jobs up for every row of every frame.
    package func hash(into hasher: inout Hasher) { hasher.combine(key) }
}

/// Which run: its job, and its key. The key is opaque text.
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

    /// By the key alone, like a job's.
    package func hash(into hasher: inout Hasher) { hasher.combine(key) }
}
