import AIDP
import Foundation
import HTTP
import OCIAuth
import Screen
import Testing

@testable import Doctor

/// A network with given results.
private struct FakeProbe: EndpointProbing {
    var name: Result<[String], TransportError> = .success(["192.0.2.1"])
    var connection: Result<Int, TransportError> = .success(5)
    var tls: Result<TLSFacts, TransportError>

    func addresses(of host: String, port: Int) async throws(TransportError) -> [String] { try name.get() }
    func connect(to host: String, port: Int, through proxy: ProxySettings?) async throws(TransportError) -> Int {
        try connection.get()
    }
    func handshake(
        with host: String, port: Int, through proxy: ProxySettings?, trusting roots: TrustRoots
    ) async throws(TransportError) -> TLSFacts {
        try tls.get()
    }
}

@Suite("The network checks")
struct NetworkChecksTests {
    private static let now = Date(timeIntervalSince1970: 1_793_693_045)

    private func findings(
        _ probe: FakeProbe, proxy: String? = nil, roots: TrustRoots = TrustRoots(),
        baseURL: String = "https://aidp.example.com"
    ) async throws -> (findings: [Finding], isReachable: Bool) {
        let endpoint = try Endpoint(baseURL: baseURL, instanceID: "i", workspaceKey: "w")
        let settings = try ProxySettings(environment: proxy.map { ["HTTPS_PROXY": $0] } ?? [:])
        return await NetworkChecks(setup: setup(probe, proxy: settings, roots: roots)).findings(of: endpoint)
    }

    private func setup(_ probe: FakeProbe, proxy: ProxySettings? = nil, roots: TrustRoots = TrustRoots()) -> Setup {
        Setup(
            address: .named(.failure(Trouble("unused", advice: "")), by: ""), workspaceKey: "",
            trustRoots: .success(roots), proxy: .success(proxy), limits: ClientSettings(),
            signIn: { () async throws(CredentialsError) in throw CredentialsError("unused", advice: "") },
            probe: probe,
            terminal: TerminalFacts(
                type: "", isThere: false, problem: nil, size: Size(rows: 0, columns: 0), colorCount: 0,
                refusesColor: false, isUTF8: true, locale: ""),
            smallestScreen: Size(rows: 0, columns: 0), now: { Self.now })
    }

    private func facts(endingIn days: Double) -> Result<TLSFacts, TransportError> {
        .success(TLSFacts(version: "TLSv1.3", issuer: "CN=Some CA", notValidAfter: Self.now + days * 86_400))
    }

    @Test("the service is reachable when all three steps succeed")
    func open() async throws {
        let (found, isOpen) = try await findings(FakeProbe(tls: facts(endingIn: 80)))
        #expect(found.map(\.verdict) == [.passed, .passed, .passed])
        #expect(isOpen)
        #expect(
            found[2].text
                == "TLSv1.3, issued by CN=Some CA, expires in 80 days, trusted by the system's authorities")
        #expect(found[0].text == "aidp.example.com resolves to 192.0.2.1")
        #expect(found[1].text == "aidp.example.com port 443, in 5 ms")
    }

    @Test(
        "a certificate that expires within two weeks is a warning",
        arguments: [
            (14.1, .passed, "14 days"), (13.9, .warning, "13 days"), (1.5, .warning, "1 day"),
            (0.5, .warning, "0 days"),
        ] as [(Double, Finding.Verdict, String)])
    func expiringSoon(_ days: Double, _ verdict: Finding.Verdict, _ span: String) async throws {
        let (found, isOpen) = try await findings(FakeProbe(tls: facts(endingIn: days)))
        #expect(found[2].verdict == verdict)
        #expect(isOpen)
        #expect(found[2].text.plainText.contains("expires in \(span), "), "\(found[2].text)")
        #expect(found[2].advice.isEmpty == (verdict == .passed))
    }

    @Test("plain http needs no certificate, and does not use the proxy")
    func plain() async throws {
        let failure = TransportError(.tls, "there is no TLS", advice: "None.")
        let (found, isOpen) = try await findings(
            FakeProbe(tls: .failure(failure)), proxy: "http://proxy.example.com", baseURL: "http://127.0.0.1:8080")
        #expect(found.map(\.verdict) == [.passed, .passed, .passed])
        #expect(isOpen)
        #expect(found[0].text == "127.0.0.1 resolves to 192.0.2.1")
        #expect(found[1].text == "127.0.0.1 port 8080, in 5 ms")
        #expect(found[2].text == "none: plain http to this machine itself")
    }

    @Test("nothing is checked without an endpoint or network settings")
    func nothing() async throws {
        let checks = NetworkChecks(setup: setup(FakeProbe(tls: facts(endingIn: 80))))
        let (found, isOpen) = await checks.findings(of: nil)
        #expect(found.map(\.verdict) == [.skipped, .skipped, .skipped])
        #expect(!isOpen)
        #expect(found.map(\.check) == [.name, .connection, .certificate])
    }

    @Test("after the first step that fails, the service is not reachable and the other steps are skipped")
    func closed() async throws {
        let failure = TransportError(
            .nameResolution, "the name aidp.example.com was not found", advice: "Check the name.")
        let nameless = try await findings(FakeProbe(name: .failure(failure), tls: facts(endingIn: 80)))
        #expect(nameless.findings.map(\.verdict) == [.failed, .skipped, .skipped])
        #expect(!nameless.isReachable)
        #expect(nameless.findings[0].text == "the name aidp.example.com was not found")
        #expect(nameless.findings[0].advice == "Check the name.")
        let unreachable = try await findings(
            FakeProbe(
                connection: .failure(TransportError(.timedOut, "no connection in time", advice: "Check the network.")),
                tls: facts(endingIn: 80)))
        #expect(unreachable.findings.map(\.verdict) == [.passed, .failed, .skipped])
        #expect(!unreachable.isReachable)
        #expect(unreachable.findings[1].text == "aidp.example.com port 443: no connection in time")
        #expect(unreachable.findings[1].advice == "Check the network.")
    }

    @Test("a rejected certificate is reported with the reason, the trusted authorities and advice")
    func untrusted() async throws {
        let failure = TransportError(
            .tls, "the certificate is not trusted", advice: "Name its authority with --ca-bundle.", isAboutTrust: true)
        let (found, isOpen) = try await findings(
            FakeProbe(tls: .failure(failure)), roots: TrustRoots(file: "/etc/ours.pem"))
        #expect(found[2].verdict == .failed)
        #expect(!isOpen)
        #expect(
            found[2].text
                == "the certificate is not trusted (runtop trusts the system's authorities and /etc/ours.pem)")
        let alone = try await findings(
            FakeProbe(tls: facts(endingIn: 80)), roots: TrustRoots(file: "/etc/ours.pem", includesSystem: false))
        #expect(alone.findings[2].text.plainText.hasSuffix("trusted by /etc/ours.pem alone"))
        #expect(found[2].advice == "Name its authority with --ca-bundle.")
    }

    @Test("a proxy is used if there is one, and its password is never shown")
    func proxied() async throws {
        let (found, isOpen) = try await findings(
            FakeProbe(tls: facts(endingIn: 80)), proxy: "http://me:secret@proxy.example.com:3128")
        #expect(found[0].text == "the proxy proxy.example.com resolves to 192.0.2.1")
        #expect(found[1].text == "aidp.example.com port 443, through the proxy, in 5 ms")
        #expect(found.map(\.verdict) == [.passed, .passed, .passed])
        #expect(isOpen)
        #expect(found.allSatisfy { !$0.text.plainText.contains("secret") })
    }
}
