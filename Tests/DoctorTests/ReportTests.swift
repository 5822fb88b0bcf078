import AIDP
import Foundation
import HTTP
import OCIAuth
import Screen
import Testing

@testable import Doctor

@Suite("The report")
struct ReportTests {
    @Test("gives the result by its exit status and its last line")
    func status() {
        let (good, warning, bad) = (
            Finding(.jobs, .passed, "2"), Finding(.clock, .warning, "70 s ahead", advice: "Set it."),
            Finding(.key, .failed, "none")
        )
        #expect(Report([good]).exitStatus == 0 && Report([good]).summary == "Everything is in order.")
        #expect(Report([good, warning]).exitStatus == 1 && Report([warning]).summary == "1 warning.")
        #expect(Report([bad, warning, bad]).exitStatus == 2)
        #expect(Report([bad, warning, bad]).summary == "2 failures, 1 warning.")
        #expect(warning.lines(isUTF8: true) == ["! clock          70 s ahead", "                 Set it."])
        #expect(bad.lines(isUTF8: false) == ["x key            none"])
        #expect(
            warning.lines(isUTF8: true, width: 37) == ["! clock          70 s ahead", "                 Set it."])
        let long = Finding(.token, .failed, "It has ended, and nobody renewed it.", advice: "Run something.")
        #expect(
            long.lines(isUTF8: true, width: 40) == [
                "✗ token          It has ended, and ", "                 nobody renewed it.",
                "                 Run something.",
            ])
        #expect(long.lines(isUTF8: true, width: 20).count == 2)
    }

    @Test("is JSON with the same text as the lines, made safe")
    func json() throws {
        let report = Report([Finding(.jobs, .failed, "\("\u{1B}[31mred")", advice: "Do.")])
        let read = try #require(
            JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any])
        let findings = try #require(read["findings"] as? [[String: String]])
        #expect(read["status"] as? Int == 2)
        #expect(findings[0]["check"] == "jobs" && findings[0]["advice"] == "Do.")
        #expect(findings[0]["text"]?.contains("\u{1B}") == false)
    }

    private func terminal(
        isThere: Bool = true, problem: SafeText? = nil, rows: Int = 24, colors: Int = 256, noColor: Bool = false,
        isUTF8: Bool = true
    ) -> [Finding] {
        TerminalFacts(
            type: "xterm", isThere: isThere, problem: problem, size: Size(rows: rows, columns: 80), colorCount: colors,
            refusesColor: noColor, isUTF8: isUTF8, locale: isUTF8 ? "C.UTF-8" : "C"
        ).findings(smallest: Size(rows: 5, columns: 20))
    }

    @Test("of a terminal says what will be used of it")
    func terminals() {
        #expect(terminal().map(\.verdict) == [.passed, .passed, .passed])
        #expect(terminal()[0].text == "xterm, 80x24" && terminal()[1].text == "256: the default theme is dark")
        #expect(terminal(rows: 4).map(\.verdict) == [.warning, .passed, .passed])
        #expect(terminal(colors: 0).map(\.verdict) == [.passed, .warning, .passed])
        #expect(terminal(colors: 0, noColor: true).map(\.verdict) == [.passed, .passed, .passed])
        #expect(terminal(isUTF8: false).map(\.verdict) == [.passed, .passed, .warning])
        let absent = terminal(isThere: false, problem: "none")
        #expect(absent == [Finding(.terminal, .skipped, "standard input or output is not a terminal")])
        #expect(terminal(rows: 5).map(\.verdict) == [.passed, .passed, .passed])
        #expect(terminal(rows: 4)[0].advice == "The dashboard needs at least 20x5.")
        #expect(terminal(colors: 0)[1].advice.description.contains("TERM"))
        #expect(terminal(noColor: true)[1].text.description.hasPrefix("none, because NO_COLOR is set"))
        #expect(terminal(isUTF8: false)[2].text == "C, not UTF-8: characters outside ASCII are shown as ?")
        #expect(terminal(problem: "terminfo does not know it").map(\.verdict) == [.failed])
    }
}

/// A network made up for a test.
private struct FakeProbe: EndpointProbing {
    var name: Result<[String], ProbeFailure> = .success(["192.0.2.1"])
    var connection: Result<Int, ProbeFailure> = .success(5)
    var tls: Result<TLSFacts, ProbeFailure>

    func addresses(of host: String, port: Int) async throws(ProbeFailure) -> [String] { try name.get() }
    func connect(to host: String, port: Int, through proxy: ProxySettings?) async throws(ProbeFailure) -> Int {
        try connection.get()
    }
    func handshake(
        with host: String, port: Int, through proxy: ProxySettings?, trusting roots: TrustRoots
    ) async throws(ProbeFailure) -> TLSFacts {
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
        var settings = ClientSettings()
        settings.transport.trustRoots = roots
        settings.transport.proxy = try ProxySettings(environment: proxy.map { ["HTTPS_PROXY": $0] } ?? [:])
        return await NetworkChecks(probe: probe, now: { Self.now }).findings(endpoint: endpoint, network: settings)
    }

    private func facts(endingIn days: Double) -> Result<TLSFacts, ProbeFailure> {
        .success(TLSFacts(version: "TLSv1.3", issuer: "CN=Some CA", notValidAfter: Self.now + days * 86_400))
    }

    @Test("is reachable when all three steps succeed")
    func open() async throws {
        let (found, isOpen) = try await findings(FakeProbe(tls: facts(endingIn: 80)))
        #expect(found.map(\.verdict) == [.passed, .passed, .passed] && isOpen)
        #expect(
            found[2].text
                == "TLSv1.3, issued by CN=Some CA, expires in 80 days, trusted by the system's authorities")
        #expect(found[0].text == "aidp.example.com resolves to 192.0.2.1")
        #expect(found[1].text == "aidp.example.com port 443, in 5 ms")
    }

    @Test(
        "a certificate that expires within two weeks needs attention, to the day",
        arguments: [
            (14.1, .passed, "14 days"), (13.9, .warning, "13 days"), (1.5, .warning, "1 day"),
            (0.5, .warning, "0 days"),
        ] as [(Double, Finding.Verdict, String)])
    func expiringSoon(_ days: Double, _ verdict: Finding.Verdict, _ span: String) async throws {
        let (found, isOpen) = try await findings(FakeProbe(tls: facts(endingIn: days)))
        #expect(found[2].verdict == verdict && isOpen)
        #expect(found[2].text.description.contains("expires in \(span), "), "\(found[2].text)")
        #expect(found[2].advice.isEmpty == (verdict == .passed))
    }

    @Test("plain http needs no certificate, and goes past the proxy")
    func plain() async throws {
        let failure = ProbeFailure("there is no TLS", advice: "None.")
        let (found, isOpen) = try await findings(
            FakeProbe(tls: .failure(failure)), proxy: "http://proxy.example.com", baseURL: "http://127.0.0.1:8080")
        #expect(found.map(\.verdict) == [.passed, .passed, .passed] && isOpen)
        #expect(found[0].text == "127.0.0.1 resolves to 192.0.2.1")
        #expect(found[1].text == "127.0.0.1 port 8080, in 5 ms")
        #expect(found[2].text == "none: plain http to this machine itself")
    }

    @Test("nothing is checked without an endpoint or network settings")
    func nothing() async throws {
        let checks = NetworkChecks(probe: FakeProbe(tls: facts(endingIn: 80)), now: { Self.now })
        let (found, isOpen) = await checks.findings(endpoint: nil, network: ClientSettings())
        #expect(found.map(\.verdict) == [.skipped, .skipped, .skipped] && !isOpen)
        #expect(found.map(\.check) == [.name, .connection, .certificate])
    }

    @Test("is not reachable after the first step that fails, and the others are not tried")
    func closed() async throws {
        let failure = ProbeFailure("the name aidp.example.com was not found", advice: "Check the name.")
        let nameless = try await findings(FakeProbe(name: .failure(failure), tls: facts(endingIn: 80)))
        #expect(nameless.findings.map(\.verdict) == [.failed, .skipped, .skipped] && !nameless.isReachable)
        #expect(nameless.findings[0].text == "the name aidp.example.com was not found")
        #expect(nameless.findings[0].advice == "Check the name.")
        let unreachable = try await findings(
            FakeProbe(
                connection: .failure(ProbeFailure("no connection in time", advice: "Check the network.")),
                tls: facts(endingIn: 80)))
        #expect(unreachable.findings.map(\.verdict) == [.passed, .failed, .skipped] && !unreachable.isReachable)
        #expect(unreachable.findings[1].text == "aidp.example.com port 443: no connection in time")
        #expect(unreachable.findings[1].advice == "Check the network.")
    }

    @Test("a certificate that is not accepted says why, what is trusted, and what to do")
    func untrusted() async throws {
        let failure = ProbeFailure(
            "the certificate is not trusted", advice: "Name its authority with --ca-bundle.", isAboutTrust: true)
        let (found, isOpen) = try await findings(
            FakeProbe(tls: .failure(failure)), roots: TrustRoots(file: "/etc/ours.pem"))
        #expect(found[2].verdict == .failed && !isOpen)
        #expect(
            found[2].text
                == "the certificate is not trusted (runtop trusts the system's authorities and /etc/ours.pem)")
        let alone = try await findings(
            FakeProbe(tls: facts(endingIn: 80)), roots: TrustRoots(file: "/etc/ours.pem", includesSystem: false))
        #expect(alone.findings[2].text.description.hasSuffix("trusted by /etc/ours.pem alone"))
        #expect(found[2].advice == "Name its authority with --ca-bundle.")
    }

    @Test("goes through the proxy where there is one, and never shows its password")
    func proxied() async throws {
        let (found, isOpen) = try await findings(
            FakeProbe(tls: facts(endingIn: 80)), proxy: "http://me:secret@proxy.example.com:3128")
        #expect(found[0].text == "the proxy proxy.example.com resolves to 192.0.2.1")
        #expect(found[1].text == "aidp.example.com port 443, through the proxy, in 5 ms")
        #expect(found.map(\.verdict) == [.passed, .passed, .passed] && isOpen)
        #expect(found.allSatisfy { !$0.text.description.contains("secret") })
    }
}
