import HTTP
import Logging
import OCIAuth

/// The workflow API over HTTP: validates, signs, sends, retries within a budget, and decodes leniently.
///
/// A value that can be shared: the connections behind it are one pool. Whoever creates it shuts it down.
public struct AIDPClient: WorkflowService, SingleObjectService {
    let endpoint: Endpoint
    let settings: ClientSettings
    let authenticator: any Authenticator
    let transport: any HTTPTransport
    let dependencies: Dependencies
    let logger: Logger
    let observer: (any RequestObserver)?
    private let currentBudget: (@Sendable () -> Duration)?

    /// A client of one workspace.
    ///
    /// - Parameters:
    ///   - endpoint: where the service is; signed requests go there only.
    ///   - authenticator: signs every attempt.
    ///   - settings: limits, time-outs and retries.
    ///   - logger: gets a line for every attempt, without secrets and page tokens; silent by default.
    ///   - observer: gets every attempt whole, without signatures, tokens, cookies and page tokens.
    ///   - budget: how long a call may take, read when it starts; nil for the settings' budget.
    public init(
        endpoint: Endpoint, authenticator: any Authenticator, settings: ClientSettings = ClientSettings(),
        logger: Logger = .silent, observer: (any RequestObserver)? = nil, budget: (@Sendable () -> Duration)? = nil
    ) {
        self.init(
            endpoint: endpoint, authenticator: authenticator, settings: settings, dependencies: .live, logger: logger,
            observer: observer, budget: budget)
    }

    /// The same with a test's time, chance and, where it is given, transport.
    package init(
        endpoint: Endpoint, authenticator: any Authenticator, settings: ClientSettings,
        transport: (any HTTPTransport)? = nil, dependencies: Dependencies, logger: Logger = .silent,
        observer: (any RequestObserver)? = nil, budget: (@Sendable () -> Duration)? = nil
    ) {
        self.endpoint = endpoint
        self.settings = settings
        self.authenticator = authenticator
        self.transport = transport ?? AsyncHTTPTransport(settings.transport, now: dependencies.now)
        self.dependencies = dependencies
        self.logger = logger
        self.observer = observer
        currentBudget = budget
    }

    /// How long a call that starts now may take with all its attempts: at least as long as one attempt.
    var budget: Duration { currentBudget.map { max($0(), settings.timeout) } ?? settings.budget }

    /// Cancels the calls under way and closes the connections; every later call fails.
    public func shutdown() async {
        await transport.shutdown()
    }
}
