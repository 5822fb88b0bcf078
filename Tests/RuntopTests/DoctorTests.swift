import Foundation
import TestSupport
import Testing

/// A setup with one error, and the check that must report it.
struct BrokenSetup: Sendable, CustomTestStringConvertible {
    let name: String
    /// The check that fails, and a part of its text.
    let check: String
    let text: String
    var arguments: [String] = []
    var variables: [String: String] = [:]
    /// The fault of the service.
    var fault: String?
    /// How runtop reaches the service; `nil` for plain http.
    var route: Route?
    /// Changes the folder with the configuration, its keys and its token.
    var damage: @Sendable (URL) throws -> Void = { _ in }
    /// Other checks that fail for the same reason.
    var otherChecks: [String] = []

    var testDescription: String { name }

    init(_ name: String, _ check: String, _ text: String) { (self.name, self.check, self.text) = (name, check, text) }

    func with(_ arguments: String...) -> BrokenSetup { changed { $0.arguments = arguments } }
    func with(_ variables: [String: String]) -> BrokenSetup { changed { $0.variables = variables } }
    func through(_ route: Route) -> BrokenSetup { changed { $0.route = route } }
    func withFault(_ fault: String) -> BrokenSetup { changed { $0.fault = fault } }
    func failing(also checks: String...) -> BrokenSetup { changed { $0.otherChecks = checks } }
    func after(_ damage: @escaping @Sendable (URL) throws -> Void) -> BrokenSetup { changed { $0.damage = damage } }

    /// Changes the text of a file.
    func editing(_ file: String, _ change: @escaping @Sendable (String) -> String) -> BrokenSetup {
        after { folder in
            let url = folder.appending(path: file)
            try Data(change(String(contentsOf: url, encoding: .utf8)).utf8).write(to: url)
        }
    }

    /// Uses another private key.
    func withKey(_ name: String) -> BrokenSetup {
        after { folder in
            try Data(contentsOf: KeyFixture.file(name)).write(to: folder.appending(path: "key.pem"))
        }
    }

    /// TLS to the service, through a proxy or without one.
    struct Route: Sendable {
        /// The user name and password for the proxy; `nil` to use no proxy.
        var account: String?
        /// The host name in the URL, without a proxy.
        var host = "localhost"
        /// The validity of the certificate, in days from now.
        var days = -1.0...90.0
        var isTrusted = true

        /// The environment variables with which runtop uses this route.
        func variables(_ proxy: TLSProxy) -> [String: String] {
            let bundle = isTrusted ? proxy.certificateFile : ""
            let endpoint = ["AIDP_ENDPOINT": "https://\(host):\(proxy.port)"]
            return (account.map(proxy.variables) ?? endpoint).merging(["OCI_CLI_CERT_BUNDLE": bundle]) { $1 }
        }
    }

    private func changed(_ change: (inout BrokenSetup) -> Void) -> BrokenSetup {
        var copy = self
        change(&copy)
        return copy
    }

    static let all = [
        BrokenSetup("no configuration file", "configuration", "is not there").with("--config-file", "/nowhere"),
        BrokenSetup("a line without a key", "configuration", "cannot be understood")
            .editing("config") { $0 + "\nnonsense\n" },
        BrokenSetup("a key twice", "configuration", "there already").editing("config") { $0 + "\nregion=phx\n" },
        BrokenSetup("no such profile", "profile", "no profile NOPE").with("--profile", "NOPE"),
        BrokenSetup("no such profile, and so no endpoint", "profile", "no profile NOPE").with("--profile", "NOPE")
            .with(["AIDP_ENDPOINT": ""]),
        BrokenSetup("a profile without a tenancy", "profile", "no tenancy")
            .editing("config") { $0.replacing(/(?m)^tenancy=.*$/, with: "") },
        BrokenSetup("no key file", "key", "is not there")
            .after { try FileManager.default.removeItem(at: $0.appending(path: "key.pem")) },
        BrokenSetup("a public key", "key", "public key").withKey("rsa-public.pem"),
        BrokenSetup("an elliptic-curve key", "key", "elliptic-curve").withKey("ec-sec1.pem"),
        BrokenSetup("a key cut short", "key", "damaged").editing("key.pem") { String($0.dropLast(400)) },
        BrokenSetup("an encrypted key without a pass phrase", "key", "no pass phrase")
            .withKey("rsa-pbes2-aes256.pem"),
        BrokenSetup("a wrong pass phrase", "key", "does not open").withKey("rsa-pbes2-aes256.pem")
            .with(["OCI_CLI_PASSPHRASE": "wrong horse"]),
        BrokenSetup("the fingerprint of another key", "key", "has the fingerprint").withKey("rsa-pkcs8.pem"),
        BrokenSetup("an expired session", "token", "expired on").with("--profile", "SESSION")
            .editing("token") { _ in "eyJhbGciOiJub25lIn0.eyJleHAiOjE1Nzc2Mzg4OTZ9.c2ln" },
        BrokenSetup("an empty token", "token", "is empty").with("--profile", "SESSION").editing("token") { _ in "" },
        BrokenSetup("no metadata service", "token", "cannot be reached").with("--auth", "instance_principal")
            .with(["OCI_METADATA_BASE_URL": "http://127.0.0.1:1/opc/v2"]),
        BrokenSetup("an identity service that fails", "token", "refused with 500").with("--auth", "instance_principal")
            .withFault("500,for=x509"),
        BrokenSetup("no resource principal", "profile", "OCI_RESOURCE_PRINCIPAL_VERSION is not set")
            .with("--auth", "resource_principal").with(["OCI_RESOURCE_PRINCIPAL_VERSION": ""]),
        BrokenSetup("no cluster", "profile", "KUBERNETES_SERVICE_HOST is not set")
            .with("--auth", "oke_workload_identity").with(["KUBERNETES_SERVICE_HOST": ""]),
        BrokenSetup("an invalid region", "region", "not a region's name").with("--region", "us/ashburn"),
        BrokenSetup("neither a region nor an endpoint", "endpoint", "No region")
            .editing("config") { $0.replacing(/(?m)^region=.*$/, with: "") }.with(["AIDP_ENDPOINT": ""]),
        BrokenSetup("plain http to somewhere else", "endpoint", "not https").with("--endpoint", "http://example.com"),
        BrokenSetup("no such settings file", "settings", "no settings file").with("--settings", "/nowhere.yaml"),
        BrokenSetup("no workspace", "workspaces", "no workspace given").with(["AIDP_WORKSPACE_KEY": ""]),
        BrokenSetup("no instance", "endpoint", "No AI Data Platform instance given").with(["AIDP_INSTANCE_ID": ""]),
        BrokenSetup("no bundle of authorities", "certificate", "cannot be used").with("--ca-bundle", "/nowhere.pem"),
        BrokenSetup("a proxy of another kind", "proxy", "socks5").with(["HTTPS_PROXY": "socks5://127.0.0.1:1"]),
        BrokenSetup("a proxy that is not there", "connection", "refused")
            .with("--endpoint", "https://aidp.invalid").with(["HTTPS_PROXY": "http://127.0.0.1:1"]),
        BrokenSetup("a proxy that wants another password", "connection", "407").through(Route(account: "me:wrong")),
        BrokenSetup(
            "a gateway that inspects TLS", "certificate", "not a trusted authority: CN=runtop's tests"
        )
        .through(Route(account: "me:hunter2", isTrusted: false)),
        BrokenSetup("an unknown authority", "certificate", "not a trusted authority: CN=runtop's tests")
            .through(Route(isTrusted: false)),
        BrokenSetup("an expired certificate", "certificate", "the certificate expired on")
            .through(Route(days: -30 ... -10)),
        BrokenSetup("a certificate for another name", "certificate", "for another name: aidp.runtop.test")
            .through(Route(host: "127.0.0.1")),
        BrokenSetup("nobody listens", "connection", "refused").with("--endpoint", "http://127.0.0.1:1"),
        BrokenSetup("a wrong clock", "clock", "behind the service's").withFault("skew:10m"),
        BrokenSetup("another instance", "workspaces", "404").with("--instance-id", "ocid1.nothing")
            .failing(also: "jobs"),
        BrokenSetup("another workspace", "workspaces", "has no workspace").with("--workspace-key", "nowhere"),
        BrokenSetup("a key the service does not know", "workspaces", "401").withFault("wrong-key"),
        BrokenSetup("a service that fails", "workspaces", "500").withFault("500"),
        BrokenSetup("a gateway's page", "workspaces", "JSON").withFault("html"),
        BrokenSetup("a service that hangs", "workspaces", "no complete answer").withFault("hang").with(
            "--timeout", "1"),
        BrokenSetup("no right to the runs", "recentJobRuns", "403").withFault("status:403,for=recentJobRuns"),
    ]
}

@Suite("runtop doctor", .blocking)
struct DoctorTests {
    private struct Report: Decodable {
        let status: Int32
        let findings: [Finding]
    }

    private struct Finding: Decodable {
        let check, verdict, text: String
        let advice: String?
    }

    @Test("each error is reported by one failed check", arguments: BrokenSetup.all)
    func broken(_ setup: BrokenSetup) throws {
        let service = try Service(arguments: ["--jobs", "2"] + (setup.fault.map { ["--fault", $0] } ?? []))
        try setup.damage(service.identityFolder)
        let proxy = try setup.route.map { try TLSProxy(to: service, days: $0.days) }
        let route = proxy.flatMap { setup.route?.variables($0) } ?? [:]
        let ended = try service.runtop(
            ["doctor", "--output", "json"] + setup.arguments, changing: setup.variables.merging(route) { $1 })
        let report = try JSONDecoder().decode(Report.self, from: Data(ended.output.utf8))
        let failed = report.findings.filter { $0.verdict == "failed" }
        #expect(failed.map(\.check) == [setup.check] + setup.otherChecks, "\(failed)")
        #expect(failed.first?.text.contains(setup.text) == true, "\(failed)")
        #expect(failed.first?.advice?.isEmpty == false, "it says what to do")
        #expect(ended.status == 2, "\(ended.errors)")
        #expect(report.status == 2, "\(ended.errors)")
        #expect(ended.errors.isEmpty, "\(ended.errors)")
    }

    @Test(
        "a setup without errors passes every check, for every sign-in method",
        arguments: [
            [], ["--profile", "SESSION"], ["--auth", "instance_principal"], ["--auth", "resource_principal"],
        ])
    func well(_ arguments: [String]) throws {
        let service = try Service("--jobs", "2")
        let ended = try service.runtop(["doctor"] + arguments)
        #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
        #expect(ended.output.hasSuffix("\nEverything is in order.\n"))
        #expect(!ended.output.contains("✗"))
        #expect(ended.output.split(separator: "\n").count { $0.hasPrefix("✓") } == 16, "\(ended.output)")
    }

    @Test("what works but needs attention is a warning, and the exit status is 1")
    func warnings() throws {
        let service = try Service("--jobs", "2", "--token-lifetime", "5m")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: service.configFile.path)
        let ended = try service.runtop(["doctor", "--profile", "SESSION"], changing: ["LC_ALL": "C"])
        #expect(ended.status == 1, "\(ended.output)\(ended.errors)")
        let warned = ended.output.split(separator: "\n").filter { $0.hasPrefix("!") }
        try #require(warned.count == 2, "\(warned)")
        #expect(warned[0].contains("chmod 600"), "\(warned)")
        #expect(warned[1].contains("expires in"), "\(warned)")
        #expect(ended.output.utf8.allSatisfy { $0 < 0x80 }, "a terminal that has only ASCII gets no more")
    }
}
