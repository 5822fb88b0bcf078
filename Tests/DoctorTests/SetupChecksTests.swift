import AIDP
import AIDPSimulator
import Foundation
import HTTP
import OCIAuth
import Screen
import Synchronization
import TestSupport
import Testing

@testable import Doctor

/// A network on which all hosts can be reached, or none.
private struct OpenNetwork: EndpointProbing {
    var connects = true

    func addresses(of host: String, port: Int) async throws(TransportError) -> [String] { ["127.0.0.1"] }
    func connect(to host: String, port: Int, through proxy: ProxySettings?) async throws(TransportError) -> Int {
        guard connects else {
            throw TransportError(.connectionRefused, "the connection was refused", advice: "Check the port.")
        }
        return 1
    }
    func handshake(
        with host: String, port: Int, through proxy: ProxySettings?, trusting roots: TrustRoots
    ) async throws(TransportError) -> TLSFacts {
        TLSFacts(version: "TLSv1.3", issuer: "CN=x", notValidAfter: .distantFuture)
    }
}

/// All checks, against the simulator.
@Suite("All checks of a setup")
struct SetupChecksTests {
    /// The findings of all checks, against a simulator with the given faults and jobs.
    private func check(
        _ faults: [Fault] = [], jobCount: Int = 40, clockAhead: TimeInterval = 0,
        edit: @Sendable (inout Setup) -> Void = { _ in }
    ) async throws -> [Finding] {
        // Requests are signed with the real clock. The service's clock stands still, so that the difference is exact.
        let now = Date()
        let identity = try DemoIdentity(in: .temporaryDirectory, now: now)
        defer { identity.remove() }
        var settings = SimulatorSettings()
        settings.keys = [identity.key]
        settings.faults = faults
        settings.jobCount = jobCount
        let simulator = Simulator(settings, now: { now })
        return try await simulator.whileRunning { [settings] port in
            let endpoint = try Endpoint(
                baseURL: "http://127.0.0.1:\(port)", instanceID: settings.instanceID,
                workspaceKey: settings.workspaceKey)
            var limits = ClientSettings()
            (limits.timeout, limits.budget) = (.seconds(600), .seconds(600))
            limits.transport.connectTimeout = .seconds(600)
            let authentication = AuthenticationSettings(configFile: identity.configFile.path, environment: [:])
            var setup = Setup(
                address: .named(.success(endpoint), by: "AIDP_ENDPOINT"), workspaceKey: settings.workspaceKey,
                limits: limits,
                signIn: { [limits] () async throws(CredentialsError) in
                    try await authentication.credentials(network: limits.transport, userAgent: limits.userAgent)
                },
                probe: OpenNetwork(),
                terminal: TerminalFacts(
                    type: "xterm", isThere: true, problem: nil, size: Size(rows: 24, columns: 80), colorCount: 256,
                    refusesColor: false, isUTF8: true, locale: "C.UTF-8"),
                smallestScreen: Size(rows: 5, columns: 20), now: { now + clockAhead })
            edit(&setup)
            let reported = Mutex<[Finding]>([])
            let report = await SetupChecks(setup).run { finding in reported.withLock { $0.append(finding) } }
            #expect(reported.withLock { $0 } == report.findings, "each is reported as soon as it is made")
            return report.findings
        }
    }

    private func finding(_ check: Check, in findings: [Finding]) throws -> Finding {
        let found = findings.filter { $0.check == check }
        try #require(found.count == 1, "\(check)")
        return found[0]
    }

    @Test("a working service passes every check, in order")
    func passes() async throws {
        let found = try await check()
        #expect(found.map(\.check) == Check.allCases)
        #expect(found.allSatisfy { $0.verdict == .passed }, "\(found.filter { $0.verdict != .passed })")
        #expect(try finding(.settings, in: found).text == "none: flags and environment only")
        #expect(try finding(.endpoint, in: found).text.plainText.hasSuffix(", named by AIDP_ENDPOINT"))
        #expect(try finding(.proxy, in: found).text == "none")
        #expect(try finding(.clock, in: found).text == "in sync with the service")
        #expect(try finding(.workspaces, in: found).text == "retail-production, one of 1")
        #expect(try finding(.jobs, in: found).text == "40")
        let runs = try finding(.recentJobRuns, in: found).text.plainText
        #expect(runs.wholeMatch(of: /\d+ runs? returned for job \S+/) != nil, "\(runs)")
    }

    @Test(
        "the clock difference is reported, and is a warning or a failure if it is large",
        arguments: [
            (1.4, .passed, "in sync with the service"), (-1.4, .passed, "in sync with the service"),
            (1.6, .passed, "2 s ahead of the service's"), (-45, .passed, "45 s behind the service's"),
            (60, .passed, "60 s ahead of the service's"), (61, .warning, "61 s ahead of the service's"),
            (-300, .warning, "300 s behind the service's"), (301, .failed, "301 s ahead of the service's"),
            (-301, .failed, "301 s behind the service's"), (nil, .skipped, "the service did not send its time"),
        ] as [(Double?, Finding.Verdict, String)])
    func clock(_ ahead: Double?, _ verdict: Finding.Verdict, _ text: String) throws {
        let clock = ServiceChecks.clock(ahead: ahead)
        #expect(clock.check == .clock)
        #expect(clock.verdict == verdict)
        #expect(clock.text.plainText == text)
        #expect(clock.advice.plainText.contains("NTP") == [.warning, .failed].contains(verdict))
    }

    @Test("the clock is compared with the service's")
    func clockOfTheService() async throws {
        let clock = try finding(.clock, in: try await check(clockAhead: 90.4))
        #expect(clock.verdict == .warning)
        // The service's time has no fractions of a second.
        #expect(
            ["90 s", "91 s"].contains { clock.text.plainText == "\($0) ahead of the service's" }, "\(clock.text)")
    }

    @Test("if the service rejects signatures because of the clock, only the clock fails")
    func refusedClock() async throws {
        let found = try await check([Fault(.skew(.seconds(-600)))], clockAhead: 0)
        #expect(try finding(.clock, in: found).verdict == .failed)
        #expect(found.filter { $0.verdict == .failed }.map(\.check) == [.clock])
        #expect(try finding(.workspaces, in: found).verdict == .skipped)
        #expect(try finding(.recentJobRuns, in: found).verdict == .skipped)
    }

    @Test("if the workspace is missing or wrong, the existing ones are listed, and the later checks are skipped")
    func workspaces() async throws {
        let none = try await check { $0.workspaceKey = "" }
        #expect(try finding(.workspaces, in: none).text == "no workspace given")
        let other = try await check { $0.workspaceKey = "other" }
        let finding = try finding(.workspaces, in: other)
        #expect(finding.verdict == .failed)
        #expect(finding.text == "the instance has no workspace other that you may see")
        #expect(finding.advice.plainText.hasPrefix("Choose one with --workspace-key: "))
        #expect(finding.advice.plainText.contains("(retail-production)"))
        #expect(other.filter { $0.verdict == .skipped }.map(\.check) == [.jobs, .recentJobRuns])
    }

    @Test("the workspace is checked even if the list of workspaces is forbidden, but not after another failure")
    func forbiddenList() async throws {
        let forbidden = try await check([Fault(.status(403), operation: .workspaces)])
        #expect(try finding(.workspaces, in: forbidden).verdict == .failed)
        #expect(try finding(.workspaces, in: forbidden).text.plainText.contains(", opc-request-id "))
        #expect(try finding(.jobs, in: forbidden).verdict == .passed)
        let failing = try await check([Fault(.status(500), operation: .workspaces)])
        #expect(try finding(.workspaces, in: failing).verdict == .failed)
        #expect(!(try finding(.workspaces, in: failing).advice.isEmpty))
        #expect(try finding(.jobs, in: failing).verdict == .skipped)
        let nowhere = try await check([Fault(.status(403), operation: .workspaces)]) { $0.workspaceKey = "" }
        #expect(try finding(.jobs, in: nowhere).verdict == .skipped)
    }

    @Test("a workspace without jobs is a warning; an operation that fails is a failure")
    func jobs() async throws {
        let empty = try await check(jobCount: 0)
        #expect(try finding(.jobs, in: empty).verdict == .warning)
        #expect(try finding(.recentJobRuns, in: empty).verdict == .skipped)
        let many = try await check(jobCount: 101)
        #expect(try finding(.jobs, in: many).text == "100 and more")
        let failing = try await check([Fault(.status(404), operation: .recentJobRuns)])
        #expect(try finding(.recentJobRuns, in: failing).verdict == .failed)
        #expect(try finding(.jobs, in: failing).verdict == .passed)
    }

    @Test("the service is not called when it cannot be reached, or signing in failed")
    func unreachable() async throws {
        let service: [Check] = [.clock, .workspaces, .jobs, .recentJobRuns]
        let closed = try await check { $0.probe = OpenNetwork(connects: false) }
        #expect(try finding(.connection, in: closed).verdict == .failed)
        #expect(closed.filter { service.contains($0.check) }.allSatisfy { $0.verdict == .skipped })
        let nobody = try await check {
            $0.signIn = { () async throws(CredentialsError) in
                throw CredentialsError("No key.", advice: "Name one.", kind: .key)
            }
        }
        #expect(try finding(.key, in: nobody).verdict == .failed)
        #expect(try finding(.connection, in: nobody).verdict == .passed)
        #expect(nobody.filter { service.contains($0.check) }.allSatisfy { $0.verdict == .skipped })
    }

    @Test("an error in the settings, the endpoint, the authorities or the proxy is reported by its own check, once")
    func problems() async throws {
        let trouble = Trouble("It is wrong.", advice: "Mend it.")
        let settings = try await check { $0.settings = .failure(trouble) }
        #expect(try finding(.settings, in: settings) == Finding(.settings, .failed, "It is wrong.", advice: "Mend it."))
        let named = try await check { $0.settings = .success("/h/config.yaml") }
        #expect(try finding(.settings, in: named).text == "/h/config.yaml")
        let endpoint = try await check { $0.address = .named(.failure(trouble), by: "x") }
        #expect(try finding(.endpoint, in: endpoint).verdict == .failed)
        #expect(try finding(.name, in: endpoint).verdict == .skipped)
        let authorities = try await check { $0.trustRoots = .failure(trouble) }
        #expect(
            try finding(.certificate, in: authorities)
                == Finding(.certificate, .failed, "It is wrong.", advice: "Mend it."))
        #expect(authorities.filter { $0.verdict == .failed }.map(\.check) == [.certificate])
        #expect(try finding(.connection, in: authorities).verdict == .skipped)
        let proxy = try await check { $0.proxy = .failure(trouble) }
        #expect(try finding(.proxy, in: proxy).verdict == .failed)
        #expect(try finding(.certificate, in: proxy).verdict == .skipped)
        for found in [authorities, proxy] { #expect(found.map(\.check) == Check.allCases) }
        let region = try await check {
            $0.signIn = { () async throws(CredentialsError) in
                throw CredentialsError("No key.", advice: "Name one.", kind: .key)
            }
            $0.address = .ofRegion { _ in .failure(trouble) }
        }
        #expect(try finding(.endpoint, in: region) == Finding(.endpoint, .skipped, "not tried"))
    }

    @Test("the check of the proxy reports whether it is used for the service")
    func proxy() async throws {
        func proxied(_ url: String) async throws -> Finding {
            let found = try await check {
                $0.proxy = .success(
                    try? ProxySettings(
                        environment: [
                            "HTTPS_PROXY": "http://me:secret@proxy.example.com", "NO_PROXY": "direct.example.com",
                        ]))
                $0.probe = OpenNetwork(connects: false)
                $0.address = .ofRegion { region in
                    region?.identifier == "us-ashburn-1"
                        ? ((try? Endpoint(baseURL: url, instanceID: "i", workspaceKey: "w")).map { .success($0) }
                            ?? .failure(Trouble("no", advice: "")))
                        : .failure(Trouble("another region", advice: ""))
                }
            }
            #expect(try finding(.endpoint, in: found).text.plainText == url + ", the region's own")
            return try finding(.proxy, in: found)
        }
        #expect(try await proxied("https://aidp.example.com").text == "http://proxy.example.com:3128, from HTTPS_PROXY")
        #expect(
            try await proxied("https://direct.example.com").text
                == "http://proxy.example.com:3128, but not for this host")
    }
}
