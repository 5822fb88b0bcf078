import OCIAuth
import Yams

extension SettingsFile {
    /// Reads the named file, or the default one if it exists.
    ///
    /// - Throws: ``CommandFailure`` if the named file does not exist, or the file is invalid.
    static func load(named path: String?, environment: [String: String]) throws(CommandFailure) -> SettingsFile {
        let file = location(named: path, environment: environment)
        let bytes: [UInt8]
        do throws(FileFailure) {
            bytes = try LocalFiles().read(file).bytes
        } catch {
            switch error {
            case .missing where path == nil: return SettingsFile()
            case .missing:
                throw CommandFailure(.noInput, "There is no settings file \(file).", advice: "Check --settings.")
            case .unreadable(let reason):
                throw CommandFailure(
                    .noInput, "The settings file \(file) cannot be read: \(reason).",
                    advice: "Name another file with --settings.")
            }
        }
        do {
            return try decode(bytes)
        } catch {
            throw CommandFailure(
                .configuration, "The settings file \(file) is wrong: \(reason(error)).",
                advice: "config/runtop.yaml in the source shows every setting.")
        }
    }

    /// The path of the file, which may not exist.
    static func location(named path: String?, environment: [String: String]) -> String {
        let environment = Environment(environment)
        return path.map(environment.expandingTilde) ?? environment.settingsFolder + "/config.yaml"
    }

    /// About a hundred times the size of a file with all settings.
    private static let largestSize = 1 << 16
    /// An alias repeats a whole part of the file: a few dozen nested aliases would fill the memory.
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
            let what = root.sequence != nil ? "a list" : "a single value"
            throw Wrong(problem: "it is \(what), and must be a mapping such as “interval: 15s”")
        }
        var settings = try YAMLDecoder().decode(SettingsFile.self, from: root)
        if let commands = root["commands"], commands.null == nil {
            settings.ownCommands = try OwnCommandSettings.read(commands, keymap: settings.keymap)
        }
        return settings
    }

    /// What is wrong with the file: `line 2, column 1: did not find expected node content`.
    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as Wrong: error.problem
        case let error as YamlError: words(of: error)
        case DecodingError.dataCorrupted(let context):
            context.underlyingError.map(reason) ?? String(context.debugDescription.prefix(300))
        case DecodingError.typeMismatch(let type, let context):
            "\(context.codingPath.map(\.stringValue).joined(separator: ".")) must be \(kind(of: type))"
        default: String("\(error)".prefix(300))
        }
    }

    /// The expected type of a value.
    private static func kind(of type: any Any.Type) -> String {
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

extension Environment {
    /// The folder for settings: `$XDG_CONFIG_HOME/runtop`, or `~/.config/runtop`.
    var settingsFolder: String { runtopFolder("XDG_CONFIG_HOME", else: "~/.config") }

    /// The folder for state that is kept between starts: `$XDG_STATE_HOME/runtop`, or `~/.local/state/runtop`.
    var stateFolder: String { runtopFolder("XDG_STATE_HOME", else: "~/.local/state") }

    /// Follows the XDG base directory specification: a relative path in the variable is ignored.
    private func runtopFolder(_ variable: String, else usual: String) -> String {
        (self[variable].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? expandingTilde(usual)) + "/runtop"
    }
}
