import ArgumentParser
import Dashboard
import Foundation
import History
import OCIAuth

/// The setting `history` of the settings file: `history: {path, retention, max-size}`, or `history: off`.
struct HistorySettings: Sendable, Equatable {
    var isEnabled = true
    /// `nil` for the default path.
    var path: String?
    var retention: Duration = .seconds(90 * 86_400)
    /// In bytes.
    var maxSize: Int64 = 1_000_000_000

    static let path = "$XDG_STATE_HOME/runtop/history.db"

    /// The path of the file.
    func file(environment: [String: String]) -> String {
        let environment = Environment(environment)
        return path.map(environment.expandingTilde) ?? environment.stateFolder + "/history.db"
    }

    /// The history of a dashboard. Its file is opened when it is first used.
    func store(environment: [String: String]) -> SQLiteHistory {
        SQLiteHistory(
            path: file(environment: environment),
            limits: SQLiteHistory.Limits(retention: retention, bytes: maxSize),
            failureCause: { failureCause(of: $0) })
    }
}

extension HistorySettings: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case enabled, path, retention
        case maxSize = "max-size"
    }

    init(from decoder: any Decoder) throws {
        self.init()
        if let value = try? decoder.singleValueContainer(), let isEnabled = try? value.decode(Bool.self) {
            self.isEnabled = isEnabled
            return
        }
        guard let names = try? decoder.container(keyedBy: AnyName.self).allKeys.map(\.stringValue) else {
            throw SettingsFile.Wrong(
                problem: "history is neither on, off nor a mapping such as “history: {retention: 30d}”")
        }
        let known = CodingKeys.allCases.map(\.rawValue)
        if let unknown = names.first(where: { !known.contains($0) }) {
            throw SettingsFile.Wrong(
                problem: "unknown setting history.\(unknown); known: \(known.joined(separator: ", "))")
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        isEnabled = try container.decodeIfPresent(Bool.self, forKey: .enabled) ?? isEnabled
        path = try container.decodeIfPresent(String.self, forKey: .path)
        if let text = try container.decodeIfPresent(String.self, forKey: .retention) {
            guard let retention = Retention(text) else {
                throw SettingsFile.Wrong(
                    problem: "history.retention is “\(text)”, and may be \(Retention.allowed)")
            }
            self.retention = retention.duration
        }
        if let text = try container.decodeIfPresent(String.self, forKey: .maxSize) {
            guard let size = FileSize(text) else {
                throw SettingsFile.Wrong(problem: "history.max-size is “\(text)”, and may be \(FileSize.allowed)")
            }
            maxSize = size.bytes
        }
    }
}

/// The retention of runs: `90d`, `12w`, `36h`.
struct Retention: ExpressibleByArgument, Equatable {
    let duration: Duration

    static let allowed = "1h to 3650d, such as 36h, 90d or 12w"

    init?(_ text: String) {
        let units: [Character: Int] = ["h": 3_600, "d": 86_400, "w": 604_800]
        guard let unit = text.last.flatMap({ units[$0] }), text.utf8.count <= 8, let count = Int(text.dropLast()),
            count > 0, count * unit <= 3_650 * 86_400
        else { return nil }
        duration = .seconds(count * unit)
    }

    init?(argument: String) { self.init(argument) }
}

/// A file size: `1GB`, `500MB`, `2GiB`.
struct FileSize: Equatable {
    let bytes: Int64

    static let allowed = "1MB to 1000GB, such as 500MB or 2GB"

    init?(_ text: String) {
        let units: [(String, Int64)] = [
            ("GiB", 1 << 30), ("MiB", 1 << 20), ("GB", 1_000_000_000), ("MB", 1_000_000),
        ]
        guard let (name, unit) = units.first(where: { text.hasSuffix($0.0) }),
            let count = Int64(text.dropLast(name.count).filter { $0 != " " }), 1...1_000_000 ~= count,
            1_000_000...1_000_000_000_000 ~= count * unit
        else { return nil }
        bytes = count * unit
    }
}

/// Whether the dashboard keeps a history.
struct HistoryOptions: ParsableArguments {
    @Flag(help: "Keep no history of what is seen, and show none.")
    var noHistory = false

    /// The history according to the flag and the settings; `nil` for none.
    func store(_ settings: HistorySettings, environment: [String: String]) -> SQLiteHistory? {
        settings.isEnabled && !noHistory ? settings.store(environment: environment) : nil
    }
}

/// The options for the history file of a command.
struct HistoryFileOptions: ParsableArguments {
    @Option(help: "The file of the history (default: history.path in the settings, or \(HistorySettings.path)).")
    var history: String?

    @Option(help: "The settings file (default ~/.config/runtop/config.yaml, if there is one).")
    var settings: String?

    /// The path of the file, from the flag, the settings file or the default.
    func path(environment: [String: String]) throws(CommandFailure) -> String {
        if let history { return Environment(environment).expandingTilde(history) }
        return try SettingsFile.load(named: settings, environment: environment).history.file(environment: environment)
    }

    /// The history for a command that only reads it. A missing file is an error, and an existing file is not changed.
    func reader(environment: [String: String]) throws(CommandFailure) -> SQLiteHistory {
        SQLiteHistory(path: try path(environment: environment), access: .reads)
    }

    /// The history for a command that changes an existing one. A missing file is an error.
    func editor(environment: [String: String]) throws(CommandFailure) -> SQLiteHistory {
        SQLiteHistory(path: try path(environment: environment), access: .changes)
    }
}
