import Dashboard
import Foundation
import OCIAuth
import Polling
import Screen

/// The settings file: options that the user need not type each time. `config/runtop.yaml` shows every setting.
struct SettingsFile: Decodable, Sendable {
    var instanceID: String?
    var workspaceKey: String?
    var profile: String?
    var configFile: String?
    var auth: AuthenticationMode?
    var refreshesSession: Bool?
    var region: String?
    var endpoint: String?
    var apiVersion: String?
    var pathPrefix: String?
    var caBundle: String?
    /// Seconds.
    var timeout: Double?
    var interval: PollingInterval?
    var recordCount: Int?
    var limit: Int?
    var logFile: String?
    var logLevel: LogLevel?
    var theme: Theme.Name?
    var history = HistorySettings()
    /// Whether runs may be repaired, started and canceled.
    var allowsActions = false
    /// Whether the user must type the name of the place before that.
    var isProtected = false
    /// Keys by action: `refresh: [u, f5]`.
    var keymap = Keymap.standard
    /// The user's own commands.
    var ownCommands: [OwnCommand] = []

    init() {}

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case instanceID = "instance-id"
        case workspaceKey = "workspace-key"
        case profile
        case configFile = "config-file"
        case auth
        case refreshesSession = "refresh-session"
        case region, endpoint
        case apiVersion = "api-version"
        case pathPrefix = "path-prefix"
        case caBundle = "ca-bundle"
        case timeout, interval
        case recordCount = "record-count"
        case limit, theme
        case logFile = "log-file"
        case logLevel = "log-level"
        case history
        case allowsActions = "actions"
        case isProtected = "protected"
        case keymap = "keys"
        /// Read from the nodes of the file, which contain line numbers.
        case ownCommands = "commands"
    }

    /// A setting with an invalid value.
    struct Wrong: Error {
        let problem: String
    }

    init(from decoder: any Decoder) throws {
        let names = try decoder.container(keyedBy: AnyName.self).allKeys.map(\.stringValue)
        let known = CodingKeys.allCases.map(\.rawValue)
        if let unknown = names.first(where: { !known.contains($0) }) {
            throw Wrong(problem: "unknown setting \(unknown); known: \(known.joined(separator: ", "))")
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func text(_ key: CodingKeys) throws -> String? { try container.decodeIfPresent(String.self, forKey: key) }
        instanceID = try text(.instanceID)
        workspaceKey = try text(.workspaceKey)
        profile = try text(.profile)
        configFile = try text(.configFile)
        auth = try Self.read(
            try text(.auth), "auth", AuthenticationMode.allCases.map(\.rawValue).joined(separator: ", ")
        ) { AuthenticationMode(rawValue: $0) }
        refreshesSession = try container.decodeIfPresent(Bool.self, forKey: .refreshesSession)
        region = try text(.region)
        endpoint = try text(.endpoint)
        apiVersion = try text(.apiVersion)
        pathPrefix = try text(.pathPrefix)
        caBundle = try text(.caBundle)
        timeout = try Self.number(container, .timeout, in: ConnectionOptions.timeouts)
        interval = try Self.read(try text(.interval), "interval", "2s to 1h") { PollingInterval($0) }
        theme = try Self.read(try text(.theme), "theme", Theme.Name.allCases.map(\.rawValue).joined(separator: ", ")) {
            Theme.Name(rawValue: $0)
        }
        logFile = try text(.logFile)
        logLevel = try Self.read(
            try text(.logLevel), "log-level", LogLevel.allCases.map(\.rawValue).joined(separator: ", ")
        ) { LogLevel(rawValue: $0) }
        recordCount = try Self.number(container, .recordCount, in: PollingSettings.recordCounts)
        limit = try Self.number(container, .limit, in: PollingSettings.limits)
        history = try container.decodeIfPresent(HistorySettings.self, forKey: .history) ?? history
        allowsActions = try container.decodeIfPresent(Bool.self, forKey: .allowsActions) ?? false
        isProtected = try container.decodeIfPresent(Bool.self, forKey: .isProtected) ?? false
        if let keys = try container.decodeIfPresent([String: KeyNames].self, forKey: .keymap) {
            keymap = try Self.keymap(keys.mapValues(\.names))
        }
    }

    private static func read<Value>(
        _ text: String?, _ name: String, _ allowed: String, _ parse: (String) -> Value?
    ) throws -> Value? {
        guard let text else { return nil }
        guard let value = parse(text) else { throw Wrong(problem: "\(name) is “\(text)”, and may be \(allowed)") }
        return value
    }

    private static func number<Number: Decodable>(
        _ container: KeyedDecodingContainer<CodingKeys>, _ key: CodingKeys, in range: ClosedRange<Number>
    ) throws -> Number? {
        guard let number = try container.decodeIfPresent(Number.self, forKey: key) else { return nil }
        guard range.contains(number) else {
            func text(_ number: Number) -> String { "\(number)".replacing(/\.0$/, with: "") }
            throw Wrong(
                problem:
                    "\(key.rawValue) is \(text(number)), and may be \(text(range.lowerBound)) to \(text(range.upperBound))"
            )
        }
        return number
    }

    private static func keymap(_ settings: [String: [String]]) throws -> Keymap {
        var changes: [Intent: [Key]] = [:]
        for (name, keys) in settings {
            guard let intent = Intent(rawValue: name) else {
                let known = Intent.allCases.map(\.rawValue).joined(separator: ", ")
                throw Wrong(problem: "keys: unknown action \(name); known: \(known)")
            }
            changes[intent] = try keys.map { keyName in
                guard let key = Key(name: keyName) else {
                    throw Wrong(
                        problem:
                            "keys: unknown key \(keyName); a key is a single character, or a name such as enter, esc, tab, space, up, pgdn, f5, ctrl-r or alt-x"
                    )
                }
                return key
            }
        }
        do throws(Keymap.Conflict) {
            return try Keymap.standard.remapped(changes)
        } catch {
            let names = error.intents.map(\.rawValue).joined(separator: " and ")
            throw Wrong(
                problem: "keys: \(error.key.name) would mean \(names) on the screen “\(error.context.rawValue)”")
        }
    }
}

/// Any key of a mapping, including unknown ones.
struct AnyName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// The keys of an action: one, or a list of them.
private struct KeyNames: Decodable {
    let names: [String]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        names = try (try? container.decode(String.self)).map { [$0] } ?? container.decode([String].self)
    }
}
