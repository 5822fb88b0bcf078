/// An operation of the API: its name, as errors give it, and the last segment of its path.
struct ListOperation: Sendable, Equatable {
    let name: String
    let path: String

    static let recentJobRuns = ListOperation(name: "recentJobRuns", path: "recentJobRuns")
    static let listJobs = ListOperation(name: "listJobs", path: "jobs")
    static let listTaskRuns = ListOperation(name: "listTaskRuns", path: "taskRuns")
}
