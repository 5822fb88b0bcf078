import Logging
import OCIAuth

/// The workflow API over HTTP: validates, signs, sends, tries again within a budget, and decodes leniently.
///
/// A value that can be shared: the connections behind it are one pool. Whoever makes it shuts it down.
public struct AIDPClient: WorkflowService {
    let endpoint: Endpoint
    let settings: ClientSettings
    let signing: Signing
    let transport: any HTTPTransport
    let surroundings: Surroundings
    let logger: Logger

    /// A client of one workspace.
    ///
    /// - Parameters:
    ///   - endpoint: where the service is; signed requests go there only.
    ///   - authenticator: who we are; asked anew for every attempt.
    ///   - settings: limits and patience.
    ///   - surroundings: the time, sleep and chance.
    ///   - logger: told of every failed attempt at `debug`, never with a secret or a page token; silent by default.
    public init(
        endpoint: Endpoint, authenticator: any Authenticator, settings: ClientSettings = ClientSettings(),
        surroundings: Surroundings = .live, logger: Logger = .silent
    ) {
        self.init(
            endpoint: endpoint, settings: settings, signing: Signing(authenticator),
            transport: AsyncHTTPTransport(endpoint: endpoint, settings: settings), surroundings: surroundings,
            logger: logger)
    }

    init(
        endpoint: Endpoint, settings: ClientSettings, signing: Signing, transport: any HTTPTransport,
        surroundings: Surroundings, logger: Logger = .silent
    ) {
        self.endpoint = endpoint
        self.settings = settings
        self.signing = signing
        self.transport = transport
        self.surroundings = surroundings
        self.logger = logger
    }

    public func recentJobRuns(_ request: RecentJobRunsRequest) async throws(ServiceError) -> Page<JobRunSummary> {
        try await page(.recentJobRuns, query: request.query())
    }

    public func listJobs(_ request: ListJobsRequest) async throws(ServiceError) -> Page<JobSummary> {
        try await page(.listJobs, query: request.query())
    }

    public func listTaskRuns(_ request: ListTaskRunsRequest) async throws(ServiceError) -> Page<TaskRunSummary> {
        try await page(.listTaskRuns, query: request.query())
    }

    /// Gives up what is under way, closes the connections, and returns when that is done. No call after it succeeds.
    public func shutdown() async {
        await transport.shutdown()
    }

    private func page<Item: ListItem>(_ operation: ListOperation, query: [QueryItem]) async throws(ServiceError)
        -> Page<Item>
    {
        let call = Call(operation: operation, target: endpoint.target(operation.path, query: query))
        let answer = try await answer(to: call)
        let reply = answer.reply
        let requestID = reply.requestID ?? answer.sentRequestID
        do throws(DecodedItems<Item>.Failure) {
            let decoded = try DecodedItems<Item>(reply.body, keepsJSON: settings.keepsItemJSON)
            return Page(
                items: decoded.items, flaws: decoded.flaws, nextPage: reply.header("opc-next-page"),
                opcRequestID: requestID, attempts: answer.attempts)
        } catch {
            throw ServiceError(
                operation: operation.name, kind: .malformedResponse, status: reply.status, message: error.reason,
                opcRequestID: requestID, attempts: answer.attempts, advice: ServiceError.Kind.malformedResponse.advice)
        }
    }
}

extension Logger {
    /// A logger that says nothing.
    public static var silent: Logger { Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() } }
}
