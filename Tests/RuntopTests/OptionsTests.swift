import AIDP
import AIDPSimulator
import ArgumentParser
import Dashboard
import Foundation
import HTTP
import Logging
import OCIAuth
import Polling
import Runs
import Screen
import Testing

@testable import runtop

/// The command line, the environment and the settings file, and which of them wins.
@Suite("Options")
struct OptionsTests {
    private func settings(_ yaml: String) throws -> SettingsFile {
        let folder = try TemporaryFolder()
        try Data(yaml.utf8).write(to: folder.file("settings.yaml"))
        return try SettingsFile.load(named: folder.file("settings.yaml").path, environment: [:])
    }

    @Test("the settings file sets everything it can")
    func everySetting() throws {
        let file = try settings(
            """
            instance-id: i
            workspace-key: w
            profile: p
            config-file: ~/c
            auth: api_key
            refresh-session: true
            region: r
            endpoint: https://e
            api-version: "1"
            path-prefix: /x
            ca-bundle: /b
            timeout: 2.5
            interval: 5m
            record-count: 3
            limit: 7
            log-file: /l
            log-level: debug
            theme: light
            keys:
              refresh: [u, f5]
              open: [enter, o]
            """)
        #expect(file.instanceID == "i" && file.workspaceKey == "w" && file.profile == "p" && file.configFile == "~/c")
        #expect(file.auth == .apiKey && file.refreshesSession == true && file.region == "r")
        #expect(file.endpoint == "https://e" && file.apiVersion == "1" && file.pathPrefix == "/x")
        #expect(file.caBundle == "/b" && file.timeout == 2.5 && file.interval?.duration == .seconds(300))
        #expect(file.recordCount == 3 && file.limit == 7 && file.theme == .light)
        #expect(file.logFile == "/l" && file.logLevel == .debug)
        #expect(file.keymap.keys(for: .refresh) == [.character("u"), .function(5)])
        #expect(try settings("keys: {refresh: u}").keymap.keys(for: .refresh) == [.character("u")])
        #expect(file.keymap.keys(for: .open) == [.enter, .character("o")])
        #expect(file.keymap.keys(for: .quit) == [.character("q")])
    }

    @Test("the settings that come with the source name every setting and every action of a key")
    func shipped() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "config/runtop.yaml")
        let text = try String(contentsOf: path, encoding: .utf8)
        let all = text.replacing(/(?m)^# ([a-z-]+: \S+)$/) { $0.1 }
        _ = try settings(all)
        let refusal = #expect(throws: Refusal.self) { try settings("nothing: 1") }
        let known = try #require(refusal?.problem.description.firstMatch(of: /known: ([^.]+)\./)).1
        let names = known.split(separator: ", ")
        #expect(names.count == 19)
        for name in names { #expect(all.contains("\n\(name):"), "\(name)") }
        let words = text.split { !$0.isLetter && $0 != "-" }
        for intent in Intent.allCases { #expect(words.contains { $0 == intent.rawValue }, "\(intent)") }
    }

    @Test("a file with nothing but comments sets nothing", arguments: ["", "\n \n", "# all of it\n", "---\n", "~\n"])
    func nothing(_ text: String) throws {
        let file = try settings(text)
        #expect(file.interval == nil && file.keymap == .standard)
    }

    @Test(
        "limits of numbers hold to the last one",
        arguments: [
            ("record-count: 1", true), ("record-count: 10", true), ("record-count: 0", false),
            ("record-count: 11", false), ("limit: 1", true), ("limit: 25", true), ("limit: 0", false),
            ("limit: 26", false), ("timeout: 1", true), ("timeout: 600", true), ("timeout: 0.9", false),
            ("timeout: 601", false), ("interval: 2s", true), ("interval: 1h", true), ("interval: 1s", false),
        ])
    func limits(_ yaml: String, _ isAllowed: Bool) throws {
        #expect(((try? settings(yaml)) != nil) == isAllowed)
    }

    @Test("no settings file is no settings, unless one was named")
    func missing() throws {
        let folder = try TemporaryFolder()
        #expect(try SettingsFile.load(named: nil, environment: ["HOME": folder.url.path]).profile == nil)
        let refusal = #expect(throws: Refusal.self) {
            try SettingsFile.load(named: folder.file("none").path, environment: [:])
        }
        #expect(refusal?.status == .noInput)
    }

    @Test("the file is found by HOME and by an absolute XDG_CONFIG_HOME; a relative or an empty one is ignored")
    func places() {
        func place(_ environment: [String: String], named name: String? = nil) -> String {
            SettingsFile.location(named: name, environment: environment)
        }
        #expect(place(["HOME": "/h"]) == "/h/.config/runtop/config.yaml")
        #expect(place(["HOME": "/h", "XDG_CONFIG_HOME": "/x"]) == "/x/runtop/config.yaml")
        for ignored in ["", "rel", "./rel", "~/x"] {
            #expect(place(["HOME": "/h", "XDG_CONFIG_HOME": ignored]) == "/h/.config/runtop/config.yaml")
        }
        #expect(place(["HOME": "/h"], named: "~/mine.yaml") == "/h/mine.yaml")
        #expect(place(["HOME": "/h"], named: "mine.yaml") == "mine.yaml")
        #expect(HomeFolder.state(["HOME": "/h"]) == "/h/.local/state/runtop")
        #expect(HomeFolder.state(["HOME": "/h", "XDG_STATE_HOME": "/s"]) == "/s/runtop")
        #expect(HomeFolder.state(["HOME": "/h", "XDG_STATE_HOME": "s"]) == "/h/.local/state/runtop")
    }

    @Test(
        "~ is the home of the environment, and nothing else is",
        arguments: [
            ("~", "/h"), ("~/a b", "/h/a b"), ("/x/~", "/x/~"), ("~other/x", "~other/x"), ("x~", "x~"), ("", ""),
        ])
    func tilde(_ path: String, _ expanded: String) {
        #expect(HomeFolder.expandingTilde(path, ["HOME": "/h"]) == expanded)
    }

    @Test("an empty or missing HOME is the account's home")
    func noHome() {
        let home = NSHomeDirectory()
        #expect(HomeFolder.expandingTilde("~/x", [:]) == home + "/x")
        #expect(HomeFolder.expandingTilde("~/x", ["HOME": ""]) == home + "/x")
        #expect(HomeFolder.expandingTilde("/var/~/log", ["HOME": "/h"]) == "/var/~/log")
        #expect(HomeFolder.expandingTilde("~other/log", ["HOME": "/h"]) == "~other/log")
    }

    @Test("what to ask for: the flag, else the settings file, else the default")
    func polling() throws {
        let file = try settings("record-count: 3\nlimit: 7")
        let interval = PollingInterval(.seconds(20))
        let bare = try PollingOptions.parse([]).polling(interval: interval, settings: SettingsFile())
        #expect(bare.scope == .workspace(nameContains: nil) && bare.interval == .seconds(20))
        #expect(bare.recordCount == 5 && bare.limit == 25 && bare.sortBy == .timeCreated)
        #expect(bare.sortOrder == .descending)
        let filed = try PollingOptions.parse(["--job-name", "x"]).polling(interval: interval, settings: file)
        #expect(filed.scope == .workspace(nameContains: "x") && filed.recordCount == 3 && filed.limit == 7)
        let flags = try PollingOptions.parse([
            "--job-key", "a", "--job-key", "b", "--record-count", "10", "--limit", "1", "--sort-by", "status",
            "--sort-order", "ASC",
        ]).polling(interval: interval, settings: file)
        #expect(flags.scope == .keys([JobKey("a"), JobKey("b")]) && flags.recordCount == 10 && flags.limit == 1)
        #expect(flags.sortBy == .status && flags.sortOrder == .ascending)
        let byName = try PollingOptions.parse(["--sort-by", "displayName"]).polling(interval: interval, settings: file)
        #expect(byName.sortBy == .displayName && byName.sortOrder == .ascending)
        let byStatus = try PollingOptions.parse(["--sort-by", "status"]).polling(interval: interval, settings: file)
        #expect(byStatus.sortBy == .status && byStatus.sortOrder == .descending)
        let empty = try PollingOptions.parse(["--job-name", ""]).polling(interval: interval, settings: file)
        #expect(empty.scope == .workspace(nameContains: nil))
    }

    @Test(
        "what is out of range or does not go together is refused",
        arguments: [
            ["--record-count", "0"], ["--record-count", "11"], ["--limit", "0"], ["--limit", "26"], ["--job-key", ""],
            ["--job-key", "a", "--job-name", "b"],
        ])
    func wrongPolling(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try PollingOptions.parse(arguments) }
    }

    @Test(
        "what is within its limits is taken",
        arguments: [["--record-count", "1"], ["--record-count", "10"], ["--limit", "1"], ["--limit", "25"]])
    func rightPolling(_ arguments: [String]) throws {
        _ = try PollingOptions.parse(arguments)
    }

    @Test("raw text goes with CSV only; a time-out has its limits")
    func combinations() throws {
        #expect(try RunsCommand.parse(["--raw", "--output", "csv"]).raw)
        #expect(throws: (any Error).self) { try RunsCommand.parse(["--raw"]) }
        #expect(throws: (any Error).self) { try RunsCommand.parse(["--raw", "--output", "json"]) }
        for (timeout, isAllowed) in [("1", true), ("600", true), ("0.5", false), ("601", false)] {
            #expect(((try? ConnectionOptions.parse(["--timeout", timeout])) != nil) == isAllowed)
        }
    }

    @Test("the embedded service does what its flags say")
    func service() throws {
        let bare = try ServiceOptions.parse([])
        let usual = bare.settings(port: 7)
        #expect(usual.port == 7 && usual.seed == 2_026 && usual.speed == 20 && usual.jobCount == 40)
        #expect(usual.faults.isEmpty && usual.apiVersion == "20260430" && usual.tokenLifetime == .seconds(3_600))
        #expect(bare.tokenLifetime == nil)
        let flags = try ServiceOptions.parse([
            "--fault", "429:30,for=jobs", "--fault", "html", "--seed", "9", "--speed", "2", "--jobs", "3",
            "--token-lifetime", "20s", "--api-version", "20240831",
        ]).settings(port: 0)
        #expect(flags.faults == [Fault(.status(429, retryAfter: 30), operation: .jobs), Fault(.html)])
        #expect(flags.seed == 9 && flags.speed == 2 && flags.jobCount == 3 && flags.apiVersion == "20240831")
        #expect(flags.tokenLifetime == .seconds(20))
    }

    @Test(
        "limits of the embedded service",
        arguments: [
            (["--speed", "1"], true), (["--speed", "1000"], true), (["--speed", "0.9"], false),
            (["--speed", "1001"], false), (["--jobs", "0"], true), (["--jobs", "10000"], true),
            (["--jobs", "10001"], false), (["--api-version", "20250101"], false), (["--token-lifetime", "1s"], false),
        ])
    func serviceLimits(_ arguments: [String], _ isAllowed: Bool) {
        #expect(((try? ServiceOptions.parse(arguments)) != nil) == isAllowed)
        for (port, isAllowed) in [("0", true), ("65535", true), ("65536", false)] {
            #expect(((try? Simulate.parse(["--port", port])) != nil) == isAllowed)
        }
    }

    @Test("instance and workspace: a flag beats the environment, which beats the file; an empty one counts as none")
    func place() throws {
        let environment = ["AIDP_INSTANCE_ID": "i2", "AIDP_WORKSPACE_KEY": "w2", "AIDP_ENDPOINT": "https://two"]
        let file = try settings("instance-id: i3\nworkspace-key: w3\nendpoint: https://four")
        func place(_ arguments: [String], _ environment: [String: String], _ file: SettingsFile) throws -> PlaceSettings
        {
            try PlaceSettings(ConnectionOptions.parse(arguments), environment: environment, settings: file)
        }
        let flags = ["--instance-id", "i1", "--workspace-key", "w1", "--endpoint", "https://one"]
        let first = try place(flags, environment, file)
        #expect(first.instanceID == "i1" && first.workspaceKey == "w1")
        #expect(first.url?.value == "https://one" && first.url?.place == "--endpoint")
        let second = try place([], environment, file)
        #expect(second.instanceID == "i2" && second.workspaceKey == "w2")
        #expect(second.url?.value == "https://two" && second.url?.place == "AIDP_ENDPOINT")
        let third = try place([], ["AIDP_INSTANCE_ID": "", "OCI_CLI_ENDPOINT": "https://three"], file)
        #expect(third.instanceID == "i3" && third.workspaceKey == "w3")
        #expect(third.url?.value == "https://three" && third.url?.place == "OCI_CLI_ENDPOINT")
        let fourth = try place([], [:], file)
        #expect(fourth.url?.value == "https://four" && fourth.url?.place == "the settings file")
        #expect(try place(["--instance-id", "i", "--workspace-key", "w"], [:], SettingsFile()).url == nil)
    }

    @Test("what is missing is named, with the flag and the variable that give it")
    func missingPlace() throws {
        func refusal(_ environment: [String: String], needsWorkspace: Bool = true) throws -> Refusal? {
            do {
                _ = try PlaceSettings(
                    ConnectionOptions.parse([]), environment: environment, settings: SettingsFile(),
                    needsWorkspace: needsWorkspace)
                return nil
            } catch let refusal as Refusal { return refusal }
        }
        let instance = try refusal(["AIDP_WORKSPACE_KEY": "w"])
        #expect(instance?.status == .usage && instance?.problem == "No AI Data Platform instance given.")
        #expect(instance?.advice.description.contains("--instance-id or AIDP_INSTANCE_ID") == true)
        let workspace = try refusal(["AIDP_INSTANCE_ID": "i"])
        #expect(workspace?.status == .usage && workspace?.problem == "No workspace given.")
        #expect(workspace?.advice.description.contains("--workspace-key or AIDP_WORKSPACE_KEY") == true)
        #expect(try refusal(["AIDP_INSTANCE_ID": "i"], needsWorkspace: false) == nil)
    }

    @Test("the endpoint is made of version, prefix, instance and workspace, by flag, file or default")
    func endpoint() throws {
        func endpoint(_ arguments: [String], _ yaml: String) throws -> Endpoint {
            let place = try PlaceSettings(
                ConnectionOptions.parse(["--instance-id", "i", "--workspace-key", "w"] + arguments), environment: [:],
                settings: settings(yaml))
            return try place.endpoint("https://e")
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

    @Test("time-out and authorities: the flag, the variables in their order, the file, the default")
    func network() throws {
        let folder = try TemporaryFolder()
        let service = try TLSProxy.certificate(in: folder)
        func network(_ arguments: [String], _ environment: [String: String], _ yaml: String) throws -> ClientSettings {
            try NetworkSettings.resolve(
                ConnectionOptions.parse(arguments), environment: environment, settings: settings(yaml))
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
        let refusal = #expect(throws: Refusal.self) { try network(["--ca-bundle", "/no/such"], [:], "") }
        #expect(refusal?.status == .configuration && refusal?.problem.description.contains("/no/such") == true)
        #expect(throws: Refusal.self) { try network([], ["HTTPS_PROXY": "ftp://p"], "") }
    }

    @Test("signing in: the flags, and what the settings file says as a default")
    func signIn() throws {
        let file = try settings("profile: p\nconfig-file: c\nauth: api_key\nregion: r\nrefresh-session: true")
        let filed = AuthenticationSettings(try ConnectionOptions.parse([]), environment: [:], settings: file)
        #expect(filed.profile == nil && filed.mode == .auto && filed.configFile == nil && filed.region == nil)
        #expect(filed.refreshesSession)
        #expect(
            filed.defaults
                == AuthenticationSettings.Defaults(profile: "p", mode: .apiKey, configFile: "c", region: "r"))
        let flags = AuthenticationSettings(
            try ConnectionOptions.parse([
                "--profile", "q", "--auth", "security_token", "--config-file", "d", "--region", "s",
                "--refresh-session",
            ]), environment: [:], settings: SettingsFile())
        #expect(flags.profile == "q" && flags.mode == .securityToken && flags.configFile == "d" && flags.region == "s")
        #expect(flags.refreshesSession)
        let bare = AuthenticationSettings(
            try ConnectionOptions.parse([]), environment: [:], settings: SettingsFile())
        #expect(!bare.refreshesSession && bare.defaults == AuthenticationSettings.Defaults())
    }

    @Test("logs go where the flag says, else where the settings file says, and only what is loud enough")
    func logs() throws {
        let folder = try TemporaryFolder()
        let file = try settings("log-file: ~/filed\nlog-level: warning")
        func text(_ name: String) -> String? { try? String(contentsOf: folder.file(name), encoding: .utf8) }
        let filed = try LogOptions.parse([]).open(file, environment: ["HOME": folder.url.path])
        filed.logger.info("quiet")
        filed.logger.warning("loud")
        filed.finish()
        #expect(text("filed")?.contains("loud") == true && text("filed")?.contains("quiet") == false)
        let flags = try LogOptions.parse(["--log-file", folder.file("flag").path, "--log-level", "info"])
            .open(file, environment: ["HOME": folder.url.path])
        flags.logger.info("quiet")
        #expect(text("flag")?.contains("quiet") == true && text("filed")?.contains("quiet") == false)
        #expect(try LogOptions.parse([]).open(SettingsFile(), environment: [:]).recorder == nil)
        #expect(throws: Refusal.self) {
            try LogOptions.parse(["--log-file", "/no/such/folder/log"]).open(SettingsFile(), environment: [:])
        }
    }

    @Test(
        "a mistyped command gets the nearest one, and anything else the list",
        arguments: [
            ("wacth", "There is no command “wacth”. Did you mean “watch”?"), ("run", "Did you mean “runs”?"),
            ("dcotor", "Did you mean “doctor”?"), ("simulat", "Did you mean “simulate”?"),
            ("frobnicate", "The commands are watch, demo, simulate, runs, doctor, help."),
            ("a\u{1B}b", "There is no command “a<U+001B>b”."),
        ])
    func unknownCommand(_ word: String, _ sentence: String) {
        #expect(UnknownCommand(word)?.sentence.description.contains(sentence) == true)
    }

    @Test(
        "a command and a flag are none",
        arguments: ["watch", "demo", "simulate", "runs", "doctor", "help", "--jobs", "-h"])
    func knownCommand(_ word: String) { #expect(UnknownCommand(word) == nil) }

    @Test("the exit statuses are those of sysexits.h")
    func statuses() {
        let statuses: [(runtop.ExitStatus, Int32)] = [
            (.usage, 64), (.noInput, 66), (.unavailable, 69), (.software, 70), (.ioError, 74),
            (.temporaryFailure, 75), (.protocolError, 76), (.noPermission, 77), (.configuration, 78),
        ]
        for (status, number) in statuses { #expect(status.rawValue == number) }
    }
}
