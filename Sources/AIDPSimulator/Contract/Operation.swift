/// An operation that the simulator serves; a fault's `for=` takes its name.
public enum Operation: String, Sendable, Hashable, CaseIterable {
    /// `GET …/workspaces`
    case workspaces
    /// `GET …/jobs`
    case jobs
    /// `GET …/jobs/{key}`
    case job
    /// `GET …/recentJobRuns`
    case recentJobRuns
    /// `GET …/jobRuns`
    case jobRuns
    /// `GET …/jobRuns/{key}`
    case jobRun
    /// `POST …/jobRuns`
    case createJobRun
    /// `POST …/jobRuns/{key}/actions/cancel`
    case cancelJobRun
    /// `POST …/jobRuns/{key}/actions/repair`
    case repairJobRun
    /// `GET …/taskRuns`
    case taskRuns
    /// `GET …/taskRuns/{key}`
    case taskRun
    /// `POST …/taskRuns/{key}/actions/fetchOutput`
    case fetchOutput
    /// `GET /opc/v2/…` of the instance metadata service
    case metadata
    /// `POST /v1/x509` of the identity service
    case x509
    /// `POST /v1/authentication/refresh` of the identity service
    case refresh
    /// `POST /resourcePrincipalSessionTokens` of an OKE cluster
    case workloadIdentity
}
