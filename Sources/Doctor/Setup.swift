import AIDP
import Foundation
import HTTP
import OCIAuth
import Screen

/// Something that is wrong before anything is checked: the problem, and what to do.
package struct SetupProblem: Error, Sendable, Equatable {
    package var problem: SafeText
    package var advice: SafeText
    /// What it is about.
    package var check: Check

    package init(_ problem: SafeText, advice: SafeText, about check: Check) {
        self.problem = problem
        self.advice = advice
        self.check = check
    }

    var finding: Finding { Finding(check, .failed, problem, advice: advice) }
}

/// What an examination checks: each part, or the reason there is none.
package struct Setup: Sendable {
    /// Where the service is: at a named endpoint, or at the region's own.
    package enum Place: Sendable {
        /// What named it: `AIDP_ENDPOINT`.
        case named(Result<Endpoint, SetupProblem>, by: SafeText)
        case ofRegion(@Sendable (Region?) -> Result<Endpoint, SetupProblem>)
    }

    /// runtop's own settings file; nil where there is none.
    package var settings: Result<String?, SetupProblem>
    package var place: Place
    /// The workspace to use; empty where none is given.
    package var workspaceKey: String
    /// Trusted authorities, proxy and time-outs.
    package var network: Result<ClientSettings, SetupProblem>
    /// Reads the configuration and makes an authenticator of it.
    package var signIn: @Sendable () async -> Result<Credentials, CredentialsError>
    package var probe: any EndpointProbing
    package var terminal: TerminalFacts
    package var smallestScreen: Size
    package var now: @Sendable () -> Date

    package init(
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
