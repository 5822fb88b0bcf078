/// An operation of the workflow API: its name in error messages, its path and its method.
///
/// A new operation needs a constant here, its request in `ListRequests.swift` or `ActionRequests.swift`, its
/// answer in `Models.swift` and `Models+Decoding.swift`, and a method in `AIDPClient+Operations.swift`.
struct WorkflowOperation: Sendable, Equatable {
    let name: String
    /// The path below the instance. ``Endpoint`` replaces `{workspaceKey}` and `{key}`.
    let path: String
    var method = "GET"
    /// Whether the operation changes something. All attempts of such a call carry the same `opc-retry-token`.
    var isMutation = false

    static let listWorkspaces = Self(name: "listWorkspaces", path: "workspaces")

    static let listJobs = Self(name: "listJobs", path: "workspaces/{workspaceKey}/jobs")
    static let getJob = Self(name: "getJob", path: "workspaces/{workspaceKey}/jobs/{key}")

    static let recentJobRuns = Self(name: "recentJobRuns", path: "workspaces/{workspaceKey}/recentJobRuns")
    static let listJobRuns = Self(name: "listJobRuns", path: "workspaces/{workspaceKey}/jobRuns")
    static let getJobRun = Self(name: "getJobRun", path: "workspaces/{workspaceKey}/jobRuns/{key}")
    static let createJobRun = Self(
        name: "createJobRun", path: "workspaces/{workspaceKey}/jobRuns", method: "POST", isMutation: true)
    static let cancelJobRun = Self(
        name: "cancelJobRun", path: "workspaces/{workspaceKey}/jobRuns/{key}/actions/cancel", method: "POST",
        isMutation: true)
    static let repairJobRun = Self(
        name: "repairJobRun", path: "workspaces/{workspaceKey}/jobRuns/{key}/actions/repair", method: "POST",
        isMutation: true)

    static let listTaskRuns = Self(name: "listTaskRuns", path: "workspaces/{workspaceKey}/taskRuns")
    static let getTaskRun = Self(name: "getTaskRun", path: "workspaces/{workspaceKey}/taskRuns/{key}")
    /// Changes nothing, although it is a POST.
    static let fetchOutput = Self(
        name: "fetchOutput", path: "workspaces/{workspaceKey}/taskRuns/{key}/actions/fetchOutput", method: "POST")
}
