import AIDP
import Foundation
import HTTP
import OCIAuth
import Screen

/// The setup that the doctor checks: each part, or its error.
package struct Setup: Sendable {
    /// The address of the service: a given one, or the region's.
    package enum Address: Sendable {
        /// `by` is the setting that gave it: `AIDP_ENDPOINT`.
        case named(Result<Endpoint, Trouble>, by: String)
        case ofRegion(@Sendable (Region?) -> Result<Endpoint, Trouble>)
    }

    /// The path of runtop's settings file; nil if there is none.
    package var settings: Result<String?, Trouble>
    package var address: Address
    /// The key of the workspace; empty if none is given.
    package var workspaceKey: String
    package var trustRoots: Result<TrustRoots, Trouble>
    package var proxy: Result<ProxySettings?, Trouble>
    /// Timeouts and user agent.
    package var limits: ClientSettings
    /// Reads the configuration and creates an authenticator.
    package var signIn: @Sendable () async throws(CredentialsError) -> Credentials
    package var probe: any EndpointProbing
    package var terminal: TerminalFacts
    package var smallestScreen: Size
    package var now: @Sendable () -> Date

    package init(
        settings: Result<String?, Trouble> = .success(nil), address: Address, workspaceKey: String,
        trustRoots: Result<TrustRoots, Trouble> = .success(TrustRoots()),
        proxy: Result<ProxySettings?, Trouble> = .success(nil), limits: ClientSettings,
        signIn: @escaping @Sendable () async throws(CredentialsError) -> Credentials, probe: any EndpointProbing,
        terminal: TerminalFacts, smallestScreen: Size, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.settings = settings
        self.address = address
        self.workspaceKey = workspaceKey
        self.trustRoots = trustRoots
        self.proxy = proxy
        self.limits = limits
        self.signIn = signIn
        self.probe = probe
        self.terminal = terminal
        self.smallestScreen = smallestScreen
        self.now = now
    }

    /// The settings of the client; nil if the authorities or the proxy have an error.
    var network: ClientSettings? {
        guard case .success(let trustRoots) = trustRoots, case .success(let proxy) = proxy else { return nil }
        var network = limits
        network.transport.trustRoots = trustRoots
        network.transport.proxy = proxy
        return network
    }
}

/// All checks of a setup, in the order in which runtop needs the parts.
///
/// A check that depends on a failed one is skipped, so that each error gives one line. To add a check, add a case to
/// ``Check``, and its finding to the right group in ``run(reportingTo:)``.
package struct SetupChecks: Sendable {
    let setup: Setup

    package init(_ setup: Setup) { self.setup = setup }

    /// - Parameter report: receives each finding as soon as it is known.
    /// - Throws: the errors of `report`.
    package func run<Failure>(reportingTo report: (Finding) throws(Failure) -> Void) async throws(Failure) -> Report {
        var findings: [Finding] = []
        func add(_ more: [Finding]) throws(Failure) {
            for finding in more { try report(finding) }
            findings += more
        }
        try add([settingsFile])
        let signedIn = await signIn()
        try add(await CredentialsChecks(now: setup.now).findings(of: signedIn))
        let endpoint = endpoint(signedIn)
        try add([finding(of: endpoint), proxy(for: endpoint)])
        let (network, isReachable) = await NetworkChecks(setup: setup).findings(of: try? endpoint?.get())
        try add(network)
        try add(
            await ServiceChecks(setup: setup).findings(
                of: isReachable ? try? endpoint?.get() : nil, signedIn: signedIn))
        try add(TerminalChecks(terminal: setup.terminal, smallest: setup.smallestScreen).findings)
        return Report(findings)
    }

    private var settingsFile: Finding {
        switch setup.settings {
        case .success(let file): Finding(.settings, .passed, "\(file ?? "none: flags and environment only")")
        case .failure(let trouble): Finding(.settings, trouble)
        }
    }

    private func signIn() async -> Result<Credentials, CredentialsError> {
        do throws(CredentialsError) {
            return .success(try await setup.signIn())
        } catch {
            return .failure(error)
        }
    }

    /// Nil if the endpoint depends on the region, and the region is unknown.
    private func endpoint(_ signedIn: Result<Credentials, CredentialsError>) -> Result<Endpoint, Trouble>? {
        switch (setup.address, signedIn) {
        case (.named(let endpoint, _), _): endpoint
        case (.ofRegion(let make), .success(let credentials)): make(credentials.region)
        case (.ofRegion, .failure): nil
        }
    }

    private func finding(of endpoint: Result<Endpoint, Trouble>?) -> Finding {
        switch (endpoint, setup.address) {
        case (nil, _): .skipped(.endpoint)
        case (.success(let endpoint), .named(_, let place)):
            Finding(.endpoint, .passed, "\(endpoint.origin), named by \(place)")
        case (.success(let endpoint), .ofRegion): Finding(.endpoint, .passed, "\(endpoint.origin), the region's own")
        case (.failure(let trouble), _): Finding(.endpoint, trouble)
        }
    }

    private func proxy(for endpoint: Result<Endpoint, Trouble>?) -> Finding {
        switch setup.proxy {
        case .failure(let trouble): return Finding(.proxy, trouble)
        case .success(nil): return Finding(.proxy, .passed, "none")
        case .success(let proxy?):
            let host = try? endpoint?.get().hostAndPort
            let isUsed = host.map { proxy.isUsed(forHost: $0.host, port: $0.port) } ?? true
            return Finding(
                .proxy, .passed,
                isUsed ? "\(proxy.address), from HTTPS_PROXY" : "\(proxy.address), but not for this host")
        }
    }
}
