import HTTP
import Logging
import OCIAuth

/// Calls the workflow API over HTTP: checks parameters, signs, sends, retries within a budget, and decodes leniently.
///
/// Copies share one pool of connections. Whoever creates the client calls ``shutdown()``.
public struct AIDPClient: WorkflowService, SingleObjectService {
    let endpoint: Endpoint
    let settings: ClientSettings
    let authenticator: any Authenticator
    let transport: any HTTPTransport
    let dependencies: Dependencies
    let logger: Logger
    let observer: (any RequestObserver)?
    private let currentBudget: (@Sendable () -> Duration)?

    /// Creates a client for one workspace.
    ///
    /// - Parameters:
    ///   - endpoint: the address of the service. The client sends signed requests to no other address.
    ///   - authenticator: signs every attempt.
    ///   - settings: limits, timeouts and retries.
    ///   - logger: receives one line per attempt, without secrets and page tokens. The default logs nothing.
    ///   - observer: receives each attempt with its messages, without signatures, tokens, cookies and page tokens.
    ///   - budget: the time that a call may take, read when the call starts; `nil` for the budget of the settings.
    public init(
        endpoint: Endpoint, authenticator: any Authenticator, settings: ClientSettings = ClientSettings(),
        logger: Logger = .silent, observer: (any RequestObserver)? = nil, budget: (@Sendable () -> Duration)? = nil
    ) {
        self.init(
            endpoint: endpoint, authenticator: authenticator, settings: settings, dependencies: .live, logger: logger,
            observer: observer, budget: budget)
    }

    /// The same, with the clock, the randomness and optionally the transport of a test.
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

    /// The time that a call starting now may take, with all its attempts. At least the timeout of one attempt.
    var budget: Duration { currentBudget.map { max($0(), settings.timeout) } ?? settings.budget }

    /// Cancels the running calls and closes the connections. Every later call throws.
    public func shutdown() async {
        await transport.shutdown()
    }
}
