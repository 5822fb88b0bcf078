import Dashboard
import Foundation
import OCIAuth
import Polling
import Screen
import Yams

/// The settings file: the options that an operator would otherwise type each time. `config/runtop.yaml` shows every setting.
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
    /// Keys by action: `refresh: [u, f5]`.
    var keymap = Keymap.standard

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
        case keymap = "keys"
    }

    /// A setting with an invalid value.
    private struct Wrong: Error {
        let problem: SafeText
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
        if let keys = try container.decodeIfPresent([String: KeyNames].self, forKey: .keymap) {
            keymap = try Self.keymap(keys.mapValues(\.names))
        }
    }

    private static func read<Value>(
        _ text: String?, _ name: SafeText, _ allowed: String, _ parse: (String) -> Value?
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

    /// Reads the named file, or the default one if it exists.
    ///
    /// - Throws: ``Refusal`` when the named file does not exist, or a file is invalid.
    static func load(named path: String?, environment: [String: String]) throws -> SettingsFile {
        let file = location(named: path, environment: environment)
        let bytes: [UInt8]
        do throws(FileFailure) {
            bytes = try LocalFiles().read(file).bytes
        } catch {
            switch error {
            case .missing where path == nil: return SettingsFile()
            case .missing:
                throw Refusal(.noInput, "There is no settings file \(file).", advice: "Check --settings.")
            case .unreadable(let reason):
                throw Refusal(
                    .noInput, "The settings file \(file) cannot be read: \(reason).",
                    advice: "Name another file with --settings.")
            }
        }
        do {
            return try decode(bytes)
        } catch {
            throw Refusal(
                .configuration, "The settings file \(file) is wrong: \(reason(error)).",
                advice: "config/runtop.yaml in the source shows every setting.")
        }
    }

    /// The path of the file, which may not exist.
    static func location(named path: String?, environment: [String: String]) -> String {
        path.map { HomeFolder.expandingTilde($0, environment) }
            ?? HomeFolder.configuration(environment) + "/config.yaml"
    }

    /// About a hundred times the size of a file with all settings.
    private static let largestSize = 1 << 16
    /// An alias repeats a whole part of the file, so a few dozen nested aliases would exhaust the memory.
    private static let mostAliases = 8

    private static func decode(_ bytes: [UInt8]) throws -> SettingsFile {
        guard bytes.count <= largestSize else { throw Wrong(problem: "it is larger than \(largestSize / 1_024) KiB") }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw Wrong(problem: "it is not a text file in UTF-8")
        }
        guard text.matches(of: /\*[A-Za-z0-9_\-]/).count <= mostAliases else {
            throw Wrong(problem: "it has more than \(mostAliases) aliases (*name)")
        }
        // A file of only comments has no node, and an empty document is null.
        guard let root = try Yams.compose(yaml: text), root.null == nil else { return SettingsFile() }
        guard root.mapping != nil else {
            let what: SafeText = root.sequence != nil ? "a list" : "a single value"
            throw Wrong(problem: "it is \(what), and must be a mapping such as “interval: 15s”")
        }
        return try YAMLDecoder().decode(SettingsFile.self, from: root)
    }

    private static func reason(_ error: any Error) -> SafeText {
        switch error {
        case let error as Wrong: error.problem
        case let error as YamlError: SafeText(words(of: error))
        case DecodingError.dataCorrupted(let context):
            if let wrong = context.underlyingError as? Wrong {
                wrong.problem
            } else {
                SafeText(
                    ((context.underlyingError as? YamlError).map(words) ?? context.underlyingError.map { "\($0)" }
                        ?? context.debugDescription).prefix(300))
            }
        case DecodingError.typeMismatch(let type, let context):
            "\(context.codingPath.map(\.stringValue).joined(separator: ".")) must be \(kind(of: type))"
        default: SafeText("\(error)".prefix(300))
        }
    }
}

extension SettingsFile {
    /// The expected type of a value.
    private static func kind(of type: any Any.Type) -> SafeText {
        switch type {
        case is any Numeric.Type: "a number"
        case is Bool.Type: "true or false"
        case is String.Type: "a text"
        case is Node.Mapping.Type: "a mapping"
        case is Node.Sequence.Type: "a list, such as [r, f5]"
        default: "a single value"
        }
    }

    private static func words(of error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "line \(mark.line), column \(mark.column): \(problem)"
        case .reader(let problem, _, _, _): "it is not a text file: \(problem)"
        case .duplicatedKeysInMapping(let names, let context):
            "line \(context.mark.line): \(names.joined(separator: ", ")) is set twice"
        default: "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
        }
    }
}

/// Any key of a mapping, including unknown ones.
private struct AnyName: CodingKey {
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
