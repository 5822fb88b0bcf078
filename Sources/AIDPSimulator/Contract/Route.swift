/// The target of a request: the API, or one of the services for signing in.
enum Destination {
    /// An operation of the API, or the error for its path or method.
    case api(Result<Route, APIError>)
    /// The metadata service of the instance.
    case metadata
    /// A token for the certificate of an instance.
    case instanceToken
    /// A token for the service account of a pod.
    case podToken
    /// A newer token for a session.
    case refreshedToken

    init(method: String, path: Substring) {
        switch (method, path) {
        case (_, _) where path.hasPrefix("/opc/v2/"): self = .metadata
        case ("POST", "/v1/x509"): self = .instanceToken
        case ("POST", "/v1/authentication/refresh"): self = .refreshedToken
        case ("POST", "/resourcePrincipalSessionTokens"): self = .podToken
        default:
            do throws(APIError) {
                self = .api(.success(try Route(method: method, path: path)))
            } catch {
                self = .api(.failure(error))
            }
        }
    }

    /// The operation for faults and counts; `nil` if no operation serves the request.
    var operation: ServedOperation? {
        switch self {
        case .api(let route): try? route.get().operation
        case .metadata: .metadata
        case .instanceToken: .x509
        case .podToken: .workloadIdentity
        case .refreshedToken: .refresh
        }
    }
}

/// The operation and the resource in a request's method and path.
struct Route: Sendable, Equatable {
    let operation: ServedOperation
    let version: String
    let instanceID: String
    /// `nil` for the list of workspaces.
    let workspaceKey: String?
    /// The path component after `…/jobs`, `…/jobRuns` or `…/taskRuns`.
    let key: String?

    /// Parses a path that is still percent-encoded.
    /// - Throws: 404 for an unknown path, 405 for a known path with another method.
    init(method: String, path: Substring) throws(APIError) {
        let steps = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
            PercentCoding.decoded($0)
        }
        guard steps.count >= 4, let version = steps[0], steps[1] == Self.collection(of: version),
            let instance = steps[2],
            steps[3] == "workspaces", steps.allSatisfy({ $0 != nil && $0 != "" })
        else { throw .notFound }
        self.version = version
        instanceID = instance
        workspaceKey = steps.count > 4 ? steps[4] : nil
        key = steps.count > 6 ? steps[6] : nil
        let served = Self.served(by: steps.dropFirst(5).map { $0 ?? "" }, inWorkspace: workspaceKey != nil)
        guard !served.isEmpty else { throw .notFound }
        guard let operation = served.first(where: { $0.method == method })?.operation else {
            throw .methodNotAllowed(served.map(\.method))
        }
        self.operation = operation
    }

    /// The path component for instances in this API version.
    private static func collection(of version: String) -> String {
        version == "20240831" ? "dataLakes" : "aiDataPlatforms"
    }

    /// The operations and methods for the path components after the workspace.
    private static func served(
        by steps: [String], inWorkspace: Bool
    ) -> [(method: String, operation: ServedOperation)] {
        guard inWorkspace else { return [("GET", .workspaces)] }
        switch (steps.count, steps.first, steps.dropFirst(2).joined(separator: "/")) {
        case (1, "jobs", _): return [("GET", .jobs)]
        case (1, "recentJobRuns", _): return [("GET", .recentJobRuns)]
        case (1, "jobRuns", _): return [("GET", .jobRuns), ("POST", .createJobRun)]
        case (1, "taskRuns", _): return [("GET", .taskRuns)]
        case (2, "jobs", _): return [("GET", .job)]
        case (2, "jobRuns", _): return [("GET", .jobRun)]
        case (2, "taskRuns", _): return [("GET", .taskRun)]
        case (4, "jobRuns", "actions/cancel"): return [("POST", .cancelJobRun)]
        case (4, "jobRuns", "actions/repair"): return [("POST", .repairJobRun)]
        case (4, "taskRuns", "actions/fetchOutput"): return [("POST", .fetchOutput)]
        default: return []
        }
    }
}

/// An operation that the simulator serves. A fault's `for=` contains its raw value, or the name that clients use.
package enum ServedOperation: String, Sendable, Hashable, CaseIterable {
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

    /// The name in Oracle's reference and its clients, if it differs from the raw value.
    var clientName: String? {
        switch self {
        case .workspaces: "listWorkspaces"
        case .jobs: "listJobs"
        case .job: "getJob"
        case .jobRuns: "listJobRuns"
        case .jobRun: "getJobRun"
        case .taskRuns: "listTaskRuns"
        case .taskRun: "getTaskRun"
        case .recentJobRuns, .createJobRun, .cancelJobRun, .repairJobRun, .fetchOutput, .metadata, .x509, .refresh,
            .workloadIdentity:
            nil
        }
    }

    /// The operation with this raw value or client's name.
    init?(named name: String) {
        guard let operation = Self.allCases.first(where: { $0.rawValue == name || $0.clientName == name }) else {
            return nil
        }
        self = operation
    }
}
