import Dashboard
import Foundation
import HTTP
import OCIAuth
import Polling
import Screen
import Testing

@testable import runtop

@Suite("The settings file")
struct SettingsFileTests {
    @Test("the history can be turned off in several ways, and invalid values are reported")
    func history() throws {
        for text in ["history: off", "history: false", "history: {enabled: no}"] {
            #expect(try !SettingsFile.of(text).history.isEnabled, "\(text)")
        }
        for text in ["", "history: on", "history: {enabled: true}", "history: {}"] {
            #expect(try SettingsFile.of(text).history == HistorySettings(), "\(text)")
        }
        for (text, problem) in [
            ("history: {retention: 90}", "history.retention is “90”, and may be 1h to 3650d, such as 36h, 90d or 12w"),
            ("history: {retention: 3651d}", "history.retention is “3651d”"),
            ("history: {max-size: huge}", "history.max-size is “huge”, and may be 1MB to 1000GB"),
            ("history: {size: 1GB}", "unknown setting history.size; known: enabled, path, retention, max-size"),
            ("history: perhaps", "history is neither on, off nor a mapping"),
        ] {
            let failure = #expect(throws: CommandFailure.self) { try SettingsFile.of(text) }
            #expect(failure?.trouble.problem.contains(problem) == true, "\(failure?.trouble.problem ?? "")")
        }
        #expect(FileSize("2GiB")?.bytes == 2_147_483_648)
        #expect(Retention("12w")?.duration == .seconds(12 * 604_800))
    }

    @Test("every setting is read")
    func everySetting() throws {
        let file = try SettingsFile.of(
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
            history: {path: ~/h.db, retention: 30d, max-size: 500MB}
            keys:
              refresh: [u, f5]
              open: [enter, o]
            """)
        #expect(file.instanceID == "i")
        #expect(file.workspaceKey == "w")
        #expect(file.profile == "p")
        #expect(file.configFile == "~/c")
        #expect(file.auth == .apiKey)
        #expect(file.refreshesSession == true)
        #expect(file.region == "r")
        #expect(file.endpoint == "https://e")
        #expect(file.apiVersion == "1")
        #expect(file.pathPrefix == "/x")
        #expect(file.caBundle == "/b")
        #expect(file.timeout == 2.5)
        #expect(file.interval?.duration == .seconds(300))
        #expect(file.recordCount == 3)
        #expect(file.limit == 7)
        #expect(file.theme == .light)
        #expect(file.logFile == "/l")
        #expect(file.logLevel == .debug)
        #expect(
            file.history
                == HistorySettings(path: "~/h.db", retention: .seconds(30 * 86_400), maxSize: 500_000_000))
        #expect(file.keymap.keys(for: .refresh) == [.character("u"), .function(5)])
        #expect(try SettingsFile.of("keys: {refresh: u}").keymap.keys(for: .refresh) == [.character("u")])
        #expect(file.keymap.keys(for: .open) == [.enter, .character("o")])
        #expect(file.keymap.keys(for: .quit) == [.character("q")])
    }

    @Test("the settings file in the source contains every setting and every action of a key")
    func shipped() throws {
        let text = try String(contentsOf: repositoryFile("config/runtop.yaml"), encoding: .utf8)
        let all = text.replacing(/(?m)^# ([a-z-]+: \S+)$/) { $0.1 }
        _ = try SettingsFile.of(all)
        let failure = #expect(throws: CommandFailure.self) { try SettingsFile.of("nothing: 1") }
        let known = try #require(failure?.trouble.problem.firstMatch(of: /known: ([^.]+)\./)).1
        let names = known.split(separator: ", ")
        #expect(names.count == 23)
        for name in names { #expect(all.contains("\n\(name):"), "\(name)") }
        let words = text.split { !$0.isLetter && $0 != "-" }
        for intent in Intent.allCases { #expect(words.contains { $0 == intent.rawValue }, "\(intent)") }
    }

    @Test("a file with only comments sets nothing", arguments: ["", "\n \n", "# all of it\n", "---\n", "~\n"])
    func nothing(_ text: String) throws {
        let file = try SettingsFile.of(text)
        #expect(file.interval == nil)
        #expect(file.keymap == .standard)
    }

    @Test(
        "numbers are accepted within their limits, and rejected outside",
        arguments: [
            ("record-count: 1", true), ("record-count: 10", true), ("record-count: 0", false),
            ("record-count: 11", false), ("limit: 1", true), ("limit: 25", true), ("limit: 0", false),
            ("limit: 26", false), ("timeout: 1", true), ("timeout: 600", true), ("timeout: 0.9", false),
            ("timeout: 601", false), ("interval: 2s", true), ("interval: 1h", true), ("interval: 1s", false),
        ])
    func limits(_ yaml: String, _ isAllowed: Bool) throws {
        #expect(((try? SettingsFile.of(yaml)) != nil) == isAllowed)
    }

    @Test("without a settings file there are no settings; a file that is named must exist")
    func missing() throws {
        let folder = try TemporaryFolder()
        #expect(try SettingsFile.load(named: nil, environment: ["HOME": folder.url.path]).profile == nil)
        let failure = #expect(throws: CommandFailure.self) {
            try SettingsFile.load(named: folder.file("none").path, environment: [:])
        }
        #expect(failure?.status == .noInput)
    }

    @Test("HOME and an absolute XDG_CONFIG_HOME determine the path; a relative or an empty one is ignored")
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
        #expect(Environment(["HOME": "/h"]).stateFolder == "/h/.local/state/runtop")
        #expect(Environment(["HOME": "/h", "XDG_STATE_HOME": "/s"]).stateFolder == "/s/runtop")
        #expect(Environment(["HOME": "/h", "XDG_STATE_HOME": "s"]).stateFolder == "/h/.local/state/runtop")
    }

    @Test(
        "only a leading ~ is the home directory of the environment",
        arguments: [
            ("~", "/h"), ("~/a b", "/h/a b"), ("/x/~", "/x/~"), ("~other/x", "~other/x"), ("x~", "x~"), ("", ""),
        ])
    func tilde(_ path: String, _ expanded: String) {
        #expect(Environment(["HOME": "/h"]).expandingTilde(path) == expanded)
    }

    @Test("if HOME is empty or missing, ~ is the home directory of the account")
    func noHome() {
        let home = NSHomeDirectory()
        #expect(Environment([:]).expandingTilde("~/x") == home + "/x")
        #expect(Environment(["HOME": ""]).expandingTilde("~/x") == home + "/x")
        #expect(Environment(["HOME": "/h"]).expandingTilde("/var/~/log") == "/var/~/log")
        #expect(Environment(["HOME": "/h"]).expandingTilde("~other/log") == "~other/log")
    }
}

extension SettingsFile {
    /// The settings of a file with this text.
    static func of(_ yaml: String) throws -> SettingsFile {
        let folder = try TemporaryFolder()
        try Data(yaml.utf8).write(to: folder.file("settings.yaml"))
        return try load(named: folder.file("settings.yaml").path, environment: [:])
    }
}
