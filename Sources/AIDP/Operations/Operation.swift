/// An operation of the API: its name, as errors give it, and how it is called.
struct Operation: Sendable, Equatable {
    let name: String
    var method = "GET"
    /// Whether it changes anything: then it carries an `opc-retry-token`, and no attempt is made without one.
    var isMutation = false

    static let listWorkspaces = Operation(name: "listWorkspaces")
    static let listJobs = Operation(name: "listJobs")
    static let getJob = Operation(name: "getJob")
    static let recentJobRuns = Operation(name: "recentJobRuns")
    static let listJobRuns = Operation(name: "listJobRuns")
    static let getJobRun = Operation(name: "getJobRun")
    static let listTaskRuns = Operation(name: "listTaskRuns")
    static let getTaskRun = Operation(name: "getTaskRun")
    /// A reading, though by POST.
    static let fetchOutput = Operation(name: "fetchOutput", method: "POST")
    static let cancelJobRun = Operation(name: "cancelJobRun", method: "POST", isMutation: true)
    static let repairJobRun = Operation(name: "repairJobRun", method: "POST", isMutation: true)
    static let createJobRun = Operation(name: "createJobRun", method: "POST", isMutation: true)
}
