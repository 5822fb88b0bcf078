import AIDP
import Foundation
import OCIAuth
import Runs

/// The service to call, and the credentials to sign with.
struct Connection: Sendable {
    let endpoint: Endpoint
    let credentials: Credentials
    let network: ClientSettings
    /// Where its requests are logged.
    let logs: RequestLogs
    /// The region in the header, or the address if one was given.
    let region: String
    let workspace: Workspace
    /// Where the jobs live.
    let place: Place

    /// How the workspace is known.
    enum Workspace: Sendable {
        case named(String)
        /// By its key; the display name is still to be looked up.
        case key(String)

        var text: String {
            switch self {
            case .named(let text), .key(let text): text
            }
        }
    }

    /// The profile in the header.
    var profile: String {
        switch credentials.origin {
        case .profile(let name, _): name
        case .environment: "of the environment"
        }
    }

    /// A client of this service.
    ///
    /// - Parameter budget: the time limit of a call with all its attempts. It is at least the timeout of one attempt.
    func client(budget: Duration, keepsItemJSON: Bool = false) -> AIDPClient {
        var settings = network
        settings.budget = max(budget, settings.timeout)
        settings.keepsItemJSON = keepsItemJSON
        return AIDPClient(
            endpoint: endpoint, authenticator: credentials.authenticator, settings: settings, logger: logs.logger,
            observer: logs.observer)
    }

    /// A client for the poller: a call takes at most the current interval. If the service requests a pause of more than
    /// a few seconds, the polling plan handles it, not the call.
    func client(within interval: CurrentInterval) -> AIDPClient {
        var settings = network
        settings.retry.longestRetryAfter = .seconds(3)
        return AIDPClient(
            endpoint: endpoint, authenticator: credentials.authenticator, settings: settings, logger: logs.logger,
            observer: logs.observer, budget: { interval.duration })
    }

    /// Looks up the workspace's display name; `nil` if it is already known.
    func workspaceName(_ client: AIDPClient) -> (@Sendable () async -> String?)? {
        guard case .key(let key) = workspace else { return nil }
        return {
            let page = try? await client.listWorkspaces(ListWorkspacesRequest(limit: 1000))
            return page?.items.first { $0.key == key }?.displayName.flatMap { $0.isEmpty ? nil : $0 }
        }
    }

    /// The state of the session token; `nil` for other sign-in methods, which always renew their tokens.
    var session: (@Sendable () async -> SessionStanding)? {
        guard credentials.account.method == .securityToken else { return nil }
        return { [authenticator = credentials.authenticator] in
            SessionStanding(
                ends: await authenticator.expiration(), notRefreshed: await authenticator.renewalFailure()?.problem)
        }
    }
}

/// When a session token expires, and the reason if a refresh failed.
struct SessionStanding: Sendable {
    var ends: Date?
    var notRefreshed: String?
}
