import Testing

@testable import OCIAuth

@Suite struct ConfigLocationTests {
    private func find(flag: String? = nil, _ variables: [String: String] = [:], existing: [String]) -> String? {
        let files = InMemoryFiles(Dictionary(uniqueKeysWithValues: existing.map { ($0, "") }))
        let environment = Environment(variables.merging(["HOME": "/h"]) { given, _ in given })
        return ConfigLocation.find(flag: flag, environment: environment, files: files)?.path
    }

    @Test("the paths are tried in order")
    func order() {
        let all = ["/h/flag", "/h/cli", "/h/.oci/config", "/h/sdk", "/h/.oraclebmc/config"]
        let variables = ["OCI_CLI_CONFIG_FILE": "~/cli", "OCI_CONFIG_FILE": "~/sdk"]
        #expect(find(flag: "~/flag", variables, existing: all) == "/h/flag")
        #expect(find(variables, existing: all) == "/h/cli")
        let sdk = variables.filter { $0.key == "OCI_CONFIG_FILE" }
        #expect(find(sdk, existing: all) == "/h/.oci/config")
        #expect(find(sdk, existing: ["/h/sdk", "/h/.oraclebmc/config"]) == "/h/sdk")
        #expect(find(existing: ["/h/.oraclebmc/config"]) == "/h/.oraclebmc/config")
        #expect(find(existing: []) == nil)
    }

    @Test("if a configured file does not exist, no other file replaces it")
    func explicit() async throws {
        let usual = ["/h/.oci/config"]
        #expect(find(flag: "/absent", existing: usual) == "/absent")
        #expect(find(["OCI_CLI_CONFIG_FILE": "/absent"], existing: usual) == "/absent")
        let home = try OCIHome()
        let error = try await #require(throws: CredentialsError.self) {
            try await home.credentials(configFile: "/absent")
        }
        #expect(error.problem == "The configuration file /absent is not there.")
        #expect(error.advice == "The path comes from --config-file.")
        #expect(error.kind == .unreadableFile("/absent"))
    }

    @Test("the origin of the path is reported, including the settings file")
    func origins() {
        let all = InMemoryFiles(["/h/.oci/config": "", "/h/.oraclebmc/config": ""])
        func origin(
            _ variables: [String: String] = [:], flag: String? = nil, setting: String? = nil,
            files: InMemoryFiles? = nil
        ) -> String? {
            ConfigLocation.find(
                flag: flag, environment: Environment(variables.merging(["HOME": "/h"]) { given, _ in given }),
                default: setting.map { ($0, "the settings file") }, files: files ?? all)?.origin
        }
        let cli = ["OCI_CLI_CONFIG_FILE": "/a"]
        #expect(origin(cli, flag: "/f", setting: "/s") == "--config-file")
        #expect(origin(cli, setting: "/s") == "OCI_CLI_CONFIG_FILE")
        #expect(origin(["OCI_CONFIG_FILE": "/b"], setting: "/s") == "the settings file")
        #expect(origin(["OCI_CONFIG_FILE": "/b"]) == "the default location")
        #expect(origin(["OCI_CONFIG_FILE": "/b"], files: InMemoryFiles()) == "OCI_CONFIG_FILE")
        #expect(origin(files: InMemoryFiles(["/h/.oraclebmc/config": ""])) == "the older default location")
    }

    @Test(
        "a variable is on if its value is one that the OCI tools accept",
        arguments: [
            ("true", true), ("True", true), ("1", true), ("yes", true), ("on", true), ("false", false), ("0", false),
            ("", false),
            ("2", false),
        ])
    func switches(_ value: String, isOn: Bool) {
        #expect(Environment(["X": value]).isOn("X") == isOn)
        #expect(!Environment(["X": value]).isOn("Y"))
    }

    @Test("an empty variable counts as not set, and only a leading ~ is expanded")
    func details() {
        #expect(find(["OCI_CLI_CONFIG_FILE": ""], existing: ["/h/.oci/config"]) == "/h/.oci/config")
        #expect(find(flag: "~", existing: []) == "/h")
        #expect(find(flag: "~other/c", existing: []) == "~other/c")
        #expect(find(flag: "a/~/c", existing: []) == "a/~/c")
    }

    @Test("if no file exists, the error says which paths were tried")
    func nowhere() async throws {
        let home = try OCIHome()
        home.files.remove(OCIHome.configPath)
        let error = try await #require(throws: CredentialsError.self) { try await home.credentials() }
        #expect(error.problem.contains("/h/.oci/config"))
        #expect(error.advice.contains("oci setup config"))
        #expect(error.kind == .unreadableFile("/h/.oci/config"))
    }
}
