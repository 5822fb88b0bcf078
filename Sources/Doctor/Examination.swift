import AIDPClient
import Foundation
import OCIAuth
import Screen

/// Looks at everything runtop needs, in the order it needs it, and tells what it finds.
///
/// What cannot be tried because something before it failed is skipped, so that one fault is one line.
public struct Examination: Sendable {
    let setup: Setup

    public init(_ setup: Setup) { self.setup = setup }

    /// - Parameter tell: is told of each finding as soon as it is made.
    /// - Throws: what telling throws.
    public func run<Failure>(telling tell: (Finding) throws(Failure) -> Void) async throws(Failure) -> Report {
        var findings: [Finding] = []
        func note(_ more: [Finding]) throws(Failure) {
            for finding in more { try tell(finding) }
            findings += more
        }
        try note([settingsFinding])
        let signedIn = await setup.signIn()
        try note(await CredentialsExam(now: setup.now).findings(of: signedIn))
        let endpoint = endpoint(signedIn)
        try note([endpointFinding(endpoint)])
        try note([networkFinding(endpoint)])
        let (way, isOpen) = await NetworkExam(probe: setup.probe, now: setup.now).findings(
            endpoint: try? endpoint?.get(), network: try? setup.network.get())
        // What was wrong with the way already is not told again.
        let told = Set(findings.map(\.check))
        try note(way.filter { !told.contains($0.check) })
        try note(
            await ServiceExam(setup: setup).findings(endpoint: isOpen ? try? endpoint?.get() : nil, signedIn: signedIn))
        try note(setup.terminal.findings(smallest: setup.smallestScreen))
        return Report(findings)
    }

    private var settingsFinding: Finding {
        switch setup.settings {
        case .success(let file):
            Finding(.settings, .passed, file.map { SafeText($0) } ?? "none: flags and environment only")
        case .failure(let problem): problem.finding
        }
    }

    /// Nil where it is the region's own, and the region was never found out.
    private func endpoint(_ signedIn: Result<Credentials, CredentialsError>) -> Result<Endpoint, SetupProblem>? {
        switch (setup.place, signedIn) {
        case (.named(let endpoint, _), _): endpoint
        case (.ofRegion(let make), .success(let credentials)): make(credentials.region)
        case (.ofRegion, .failure): nil
        }
    }

    private func endpointFinding(_ endpoint: Result<Endpoint, SetupProblem>?) -> Finding {
        switch (endpoint, setup.place) {
        case (nil, _): Finding(.endpoint, .skipped, "not tried")
        case (.success(let endpoint), .named(_, let place)):
            Finding(.endpoint, .passed, "\(endpoint.origin), named by " + place)
        case (.success(let endpoint), .ofRegion): Finding(.endpoint, .passed, "\(endpoint.origin), the region's own")
        case (.failure(let error), _): error.finding
        }
    }

    private func networkFinding(_ endpoint: Result<Endpoint, SetupProblem>?) -> Finding {
        switch setup.network {
        case .failure(let error): return error.finding
        case .success(let network):
            guard let proxy = network.proxy else { return Finding(.proxy, .passed, "none") }
            let place = try? endpoint?.get().hostAndPort
            let isUsed = place.map { proxy.isUsed(forHost: $0.host, port: $0.port) } ?? true
            return Finding(
                .proxy, .passed,
                isUsed ? "\(proxy.address), from HTTPS_PROXY" : "\(proxy.address), but not for this host")
        }
    }
}
