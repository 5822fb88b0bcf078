import AIDPClient
import Foundation
import OCIAuth
import Screen

/// Something that is wrong before anything is checked: the problem, and what to do.
public struct SetupProblem: Error, Sendable, Equatable {
    public var problem: SafeText
    public var advice: SafeText
    /// What it is about.
    public var check: Check

    public init(_ problem: SafeText, advice: SafeText, about check: Check) {
        self.problem = problem
        self.advice = advice
        self.check = check
    }

    var finding: Finding { Finding(check, .failed, problem, advice: advice) }
}

/// What an examination checks: each part, or the reason there is none.
public struct Setup: Sendable {
    /// Where the service is: at a named endpoint, or at the region's own.
    public enum Place: Sendable {
        /// What named it: `AIDP_ENDPOINT`.
        case named(Result<Endpoint, SetupProblem>, by: SafeText)
        case ofRegion(@Sendable (Region?) -> Result<Endpoint, SetupProblem>)
    }

    /// runtop's own settings file; nil where there is none.
    public var settings: Result<String?, SetupProblem>
    public var place: Place
    /// The workspace to use; empty where none is given.
    public var workspaceKey: String
    /// Trusted authorities, proxy and time-outs.
    public var network: Result<ClientSettings, SetupProblem>
    /// Reads the configuration and makes an authenticator of it.
    public var signIn: @Sendable () async -> Result<Credentials, CredentialsError>
    public var probe: any EndpointProbing
    public var terminal: TerminalFacts
    public var smallestScreen: Size
    public var now: @Sendable () -> Date

    public init(
        settings: Result<String?, SetupProblem> = .success(nil), place: Place, workspaceKey: String,
        network: Result<ClientSettings, SetupProblem>,
        signIn: @escaping @Sendable () async -> Result<Credentials, CredentialsError>, probe: any EndpointProbing,
        terminal: TerminalFacts, smallestScreen: Size, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.settings = settings
        self.place = place
        self.workspaceKey = workspaceKey
        self.network = network
        self.signIn = signIn
        self.probe = probe
        self.terminal = terminal
        self.smallestScreen = smallestScreen
        self.now = now
    }
}
