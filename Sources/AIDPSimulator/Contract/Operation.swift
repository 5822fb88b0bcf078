/// An operation of the API that the simulator serves; its name is what a fault's `for=` takes.
public enum Operation: String, Sendable, Hashable, CaseIterable {
    /// `GET …/workspaces`
    case workspaces
    /// `GET …/jobs`
    case jobs
    /// `GET …/recentJobRuns`
    case recentJobRuns
    /// `GET …/jobRuns`
    case jobRuns
    /// `GET …/jobRuns/{key}`
    case jobRun
    /// `GET …/taskRuns`
    case taskRuns
}

/// Where a request's path leads.
struct Route: Sendable, Equatable {
    let operation: Operation
    let version: String
    let instanceID: String
    /// `nil` for the list of workspaces.
    let workspaceKey: String?
    /// The last step of `…/jobRuns/{key}`.
    let jobRunKey: String?

    /// Reads a path, still percent-encoded; `nil` when it leads nowhere.
    init?(path: Substring) {
        let steps = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
            PercentCoding.decoded($0)
        }
        guard steps.count >= 4, let version = steps[0], steps[1] == "aiDataPlatforms", let instance = steps[2],
            steps[3] == "workspaces"
        else { return nil }
        self.version = version
        instanceID = instance
        guard steps.count > 4 else {
            (operation, workspaceKey, jobRunKey) = (.workspaces, nil, nil)
            return
        }
        guard steps.count >= 6, let workspace = steps[4] else { return nil }
        workspaceKey = workspace
        switch (steps.count, steps[5]) {
        case (6, "jobs"): (operation, jobRunKey) = (.jobs, nil)
        case (6, "recentJobRuns"): (operation, jobRunKey) = (.recentJobRuns, nil)
        case (6, "jobRuns"): (operation, jobRunKey) = (.jobRuns, nil)
        case (6, "taskRuns"): (operation, jobRunKey) = (.taskRuns, nil)
        case (7, "jobRuns"):
            guard let key = steps[6], !key.isEmpty else { return nil }
            (operation, jobRunKey) = (.jobRun, key)
        default: return nil
        }
    }
}
