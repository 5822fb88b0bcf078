import AIDP
import Foundation
import HTTP
import OCIAuth
import Screen

/// Checks everything runtop needs, in the order it needs it.
///
/// A check that depends on a failed one is skipped, so that one fault is one line.
package struct Examination: Sendable {
    let setup: Setup

    package init(_ setup: Setup) { self.setup = setup }

    /// - Parameter report: gets each finding as soon as it is made.
    /// - Throws: what `report` throws.
    package func run<Failure>(reportingTo report: (Finding) throws(Failure) -> Void) async throws(Failure) -> Report {
        var findings: [Finding] = []
        func add(_ more: [Finding]) throws(Failure) {
            for finding in more { try report(finding) }
            findings += more
        }
        try add([settingsFinding])
        let signedIn = await setup.signIn()
        try add(await CredentialsChecks(now: setup.now).findings(of: signedIn))
        let endpoint = endpoint(signedIn)
        try add([endpointFinding(endpoint)])
        try add([networkFinding(endpoint)])
        let (network, isReachable) = await NetworkChecks(probe: setup.probe, now: setup.now).findings(
            endpoint: try? endpoint?.get(), network: try? setup.network.get())
        // A check that was reported already is not reported again.
        let reported = Set(findings.map(\.check))
        try add(network.filter { !reported.contains($0.check) })
        try add(
            await ServiceChecks(setup: setup).findings(
                endpoint: isReachable ? try? endpoint?.get() : nil, signedIn: signedIn))
        try add(setup.terminal.findings(smallest: setup.smallestScreen))
        return Report(findings)
    }

    private var settingsFinding: Finding {
        switch setup.settings {
        case .success(let file):
            Finding(.settings, .passed, file.map { SafeText($0) } ?? "none: flags and environment only")
        case .failure(let problem): problem.finding
        }
    }

    /// Nil when it depends on the region, and the region is not known.
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
            guard let proxy = network.transport.proxy else { return Finding(.proxy, .passed, "none") }
            let place = try? endpoint?.get().hostAndPort
            let isUsed = place.map { proxy.isUsed(forHost: $0.host, port: $0.port) } ?? true
            return Finding(
                .proxy, .passed,
                isUsed ? "\(proxy.address), from HTTPS_PROXY" : "\(proxy.address), but not for this host")
        }
    }
}
