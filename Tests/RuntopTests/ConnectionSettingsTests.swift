import AIDP
import ArgumentParser
import Foundation
import HTTP
import OCIAuth
import Testing

@testable import runtop

/// The flags, the environment and the settings file, and their precedence.
@Suite("The settings of a connection")
struct ConnectionSettingsTests {
    @Test("instance and workspace: flag, then environment, then file; an empty value counts as not set")
    func place() throws {
        let environment = ["AIDP_INSTANCE_ID": "i2", "AIDP_WORKSPACE_KEY": "w2", "AIDP_ENDPOINT": "https://two"]
        let file = try SettingsFile.of("instance-id: i3\nworkspace-key: w3\nendpoint: https://four")
        func address(
            _ arguments: [String], _ environment: [String: String], _ file: SettingsFile
        ) throws -> ServiceAddress {
            try ConnectionSettings(ConnectionOptions.parse(arguments), environment: environment, file: file).address
                .get()
        }
        let flags = ["--instance-id", "i1", "--workspace-key", "w1", "--endpoint", "https://one"]
        let first = try address(flags, environment, file)
        #expect(first.instanceID == "i1")
        #expect(first.workspaceKey == "w1")
        #expect(first.url?.value == "https://one")
        #expect(first.url?.origin == "--endpoint")
        let second = try address([], environment, file)
        #expect(second.instanceID == "i2")
        #expect(second.workspaceKey == "w2")
        #expect(second.url?.value == "https://two")
        #expect(second.url?.origin == "AIDP_ENDPOINT")
        let third = try address([], ["AIDP_INSTANCE_ID": "", "OCI_CLI_ENDPOINT": "https://three"], file)
        #expect(third.instanceID == "i3")
        #expect(third.workspaceKey == "w3")
        #expect(third.url?.value == "https://three")
        #expect(third.url?.origin == "OCI_CLI_ENDPOINT")
        let fourth = try address([], [:], file)
        #expect(fourth.url?.value == "https://four")
        #expect(fourth.url?.origin == "the settings file")
        #expect(try address(["--instance-id", "i", "--workspace-key", "w"], [:], SettingsFile()).url == nil)
    }

    @Test("the error for a missing value names its flag and its variable")
    func missingPlace() async throws {
        func resolved(_ environment: [String: String]) throws -> ConnectionSettings {
            ConnectionSettings(try ConnectionOptions.parse([]), environment: environment, file: SettingsFile())
        }
        func failure(_ environment: [String: String]) async throws -> CommandFailure? {
            await #expect(throws: CommandFailure.self) { try await resolved(environment).connect(logs: .none) }
        }
        let instance = try await failure(["AIDP_WORKSPACE_KEY": "w"])
        #expect(instance?.status == .usage)
        #expect(instance?.trouble.problem == "No AI Data Platform instance given.")
        #expect(instance?.trouble.advice.contains("--instance-id or AIDP_INSTANCE_ID") == true)
        let workspace = try await failure(["AIDP_INSTANCE_ID": "i"])
        #expect(workspace?.status == .usage)
        #expect(workspace?.trouble.problem == "No workspace given.")
        #expect(workspace?.trouble.advice.contains("--workspace-key or AIDP_WORKSPACE_KEY") == true)
        // The doctor works without a workspace, and lists the existing ones.
        #expect(throws: Never.self) { try resolved(["AIDP_INSTANCE_ID": "i"]).address.get() }
    }

    @Test("the endpoint consists of version, prefix, instance and workspace, from flag, file or default")
    func endpoint() throws {
        func endpoint(_ arguments: [String], _ yaml: String) throws -> Endpoint {
            let resolved = ConnectionSettings(
                try ConnectionOptions.parse(
                    ["--instance-id", "i", "--workspace-key", "w", "--endpoint", "https://e"] + arguments),
                environment: [:], file: try SettingsFile.of(yaml))
            return try resolved.address.get().endpoint(in: nil)
        }
        func expected(_ version: String, _ prefix: String) throws -> Endpoint {
            try Endpoint(
                baseURL: "https://e", apiVersion: version, pathPrefix: prefix, instanceID: "i", workspaceKey: "w")
        }
        #expect(try endpoint([], "") == expected("20260430", ""))
        let yaml = "api-version: '20240831'\npath-prefix: /api"
        #expect(try endpoint([], yaml) == expected("20240831", "/api"))
        #expect(try endpoint(["--api-version", "20260430", "--path-prefix", "/x"], yaml) == expected("20260430", "/x"))
    }

    @Test("timeout and authorities: the flag, the variables in their order, the file, the default")
    func network() throws {
        let folder = try TemporaryFolder()
        let service = try TLSProxy.certificate(in: folder)
        func network(_ arguments: [String], _ environment: [String: String], _ yaml: String) throws -> ClientSettings {
            try ConnectionSettings(
                ConnectionOptions.parse(arguments), environment: environment, file: SettingsFile.of(yaml)
            ).network()
        }
        #expect(try network([], [:], "").timeout == .seconds(10))
        #expect(try network([], [:], "timeout: 2.5").timeout == .milliseconds(2_500))
        #expect(try network(["--timeout", "3"], [:], "timeout: 2.5").timeout == .seconds(3))
        #expect(try network([], [:], "").transport.trustRoots == TrustRoots())
        #expect(try network([], [:], "").transport.proxy == nil)
        #expect(try network([], ["HTTPS_PROXY": "http://p:1"], "").transport.proxy?.host == "p")

        var names: [String] = []
        for name in ["flag", "oci", "requests", "ssl", "file"] {
            let path = folder.file(name).path
            try FileManager.default.copyItem(atPath: service, toPath: path)
            names.append(path)
        }
        var environment = ["OCI_CLI_CERT_BUNDLE": names[1], "REQUESTS_CA_BUNDLE": names[2], "SSL_CERT_FILE": names[3]]
        let yaml = "ca-bundle: \(names[4])"
        #expect(
            try network(["--ca-bundle", names[0]], environment, yaml).transport.trustRoots == TrustRoots(file: names[0])
        )
        for (variable, path) in zip(["OCI_CLI_CERT_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"], names.dropFirst()) {
            #expect(
                try network([], environment, yaml).transport.trustRoots == TrustRoots(file: path, includesSystem: false)
            )
            environment[variable] = ""
        }
        #expect(try network([], environment, yaml).transport.trustRoots == TrustRoots(file: names[4]))
        #expect(
            try network(["--ca-bundle", "~/flag"], ["HOME": folder.url.path], "").transport.trustRoots
                == TrustRoots(file: names[0]))
        let trouble = try #require(throws: Trouble.self) { try network(["--ca-bundle", "/no/such"], [:], "") }
        #expect(trouble.problem.contains("/no/such"))
        #expect(CommandFailure(trouble)?.status == .configuration)
        #expect(throws: Trouble.self) { try network([], ["HTTPS_PROXY": "ftp://p"], "") }
    }

    @Test("signing in: the flags, with the settings file as the default")
    func signIn() throws {
        let file = try SettingsFile.of("profile: p\nconfig-file: c\nauth: api_key\nregion: r\nrefresh-session: true")
        func signIn(_ arguments: [String], _ file: SettingsFile) throws -> AuthenticationSettings {
            ConnectionSettings(try ConnectionOptions.parse(arguments), environment: [:], file: file).signIn
        }
        let filed = try signIn([], file)
        #expect(filed.profile == nil)
        #expect(filed.mode == .auto)
        #expect(filed.configFile == nil)
        #expect(filed.region == nil)
        #expect(filed.refreshesSession)
        #expect(
            filed.defaults
                == AuthenticationSettings.Defaults(profile: "p", mode: .apiKey, configFile: "c", region: "r"))
        let flags = try signIn(
            [
                "--profile", "q", "--auth", "security_token", "--config-file", "d", "--region", "s",
                "--refresh-session",
            ], SettingsFile())
        #expect(flags.profile == "q")
        #expect(flags.mode == .securityToken)
        #expect(flags.configFile == "d")
        #expect(flags.region == "s")
        #expect(flags.refreshesSession)
        let bare = try signIn([], SettingsFile())
        #expect(!bare.refreshesSession)
        #expect(bare.defaults == AuthenticationSettings.Defaults())
    }
}
