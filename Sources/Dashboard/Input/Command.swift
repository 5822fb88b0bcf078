import Polling
import Runs
import Screen

/// A command, typed by its name after `:`.
enum Command: Hashable, Sendable {
    case intent(Intent)
    case interval(PollingInterval)
    case sortJobs(JobSortKey)
    case sortRuns(RunSortKey)
    case sortCauses(CauseSortKey)
    case focus(JobFilter.Focus)
    case filter(String)
    case theme(Theme.Name)
    /// Saves the original trace to a file; only bytes that are not UTF-8 become U+FFFD.
    case saveRaw(String)
    case repair(RunRepair)
    case trigger([RunParameter])
    /// One of the user's own commands, by its name.
    case own(String)

    /// The input is not a command: says why, and what to type.
    struct Mistake: Error, Equatable {
        let message: SafeText
    }

    /// The completions of a word, and the text before it.
    struct Completion: Equatable {
        /// The line before the word.
        let stem: String
        let word: String
        let choices: [String]
    }

    /// The names of the commands on a screen.
    static func names(in context: KeyContext) -> [String] {
        let intents = Keymap.intents(in: context).filter(\.info.isCommand).map(\.rawValue)
        return (intents + ["interval", "theme"] + (context == .run ? ["save-raw"] : [])).sorted()
    }

    /// The alias of a command: its word in the footer.
    private static func alias(of name: String) -> String? {
        guard let word = Intent(rawValue: name)?.info.footer, word != name, !word.contains(" ") else { return nil }
        return word
    }

    /// The value of a command.
    private struct Argument: Sendable {
        /// An example for the help.
        let example: String
        /// The values that can be listed on a screen.
        var values: @Sendable (KeyContext) -> [String] = { _ in [] }
    }

    /// The commands with a value.
    private static let arguments: [String: Argument] = [
        "interval": Argument(example: "30s") { _ in
            ["2s", "5s", "10s", "15s", "30s", "1m", "5m", "10m", "30m", "1h"]
        },
        "theme": Argument(example: "light") { _ in Theme.Name.allCases.map(\.rawValue) },
        "sort": Argument(example: "time") { context in
            switch context {
            case .runs: RunSortKey.allCases.map(word)
            case .causes: CauseSortKey.allCases.map(word)
            default: JobSortKey.allCases.map(word)
            }
        },
        "focus": Argument(example: "late") { _ in JobFilter.Focus.allCases.map(\.rawValue) },
        "filter": Argument(example: "gold"),
        "save-raw": Argument(example: "FILE"),
        "repair": Argument(example: "rerun") { _ in RunRepair.Mode.allCases.map(\.rawValue) },
        "trigger": Argument(example: "day=1"),
    ]

    /// The values of a command on a screen, if they can be listed; `nil` for a command without a value.
    private static func values(of name: String, in context: KeyContext) -> [String]? {
        arguments[name]?.values(context)
    }

    /// The title of a column as a typed word.
    private static func word(of key: some TitledSortKey) -> String {
        key.title.plainText.lowercased().replacing(" ", with: "-")
    }

    /// Whether a command of this name exists on any screen.
    static func isTaken(_ name: String) -> Bool {
        KeyContext.allCases.contains { names(in: $0).contains { $0 == name || alias(of: $0) == name } }
    }

    /// How to type a command, for the help.
    static func usage(of name: String) -> String { arguments[name].map { "\(name) \($0.example)" } ?? name }

    static func explanation(of name: String) -> SafeText {
        switch name {
        case "interval": "how often to poll: 2s to 1h"
        case "save-raw": "save the error trace as the service sent it, control characters and all"
        case "theme": "one of \(Theme.Name.allCases.map(\.rawValue).joined(separator: ", "))"
        default:
            SafeText(Intent(rawValue: name)?.info.help ?? "") + (alias(of: name).map { "; also :\($0)" } ?? "")
        }
    }

    /// Parses a line typed on a screen. A name may be abbreviated if only one command starts with it.
    ///
    /// - Parameter own: the names of the user's own commands there.
    static func parse(_ line: String, in context: KeyContext, own: [String] = []) throws(Mistake) -> Command {
        let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard let typed = words.first else { throw Mistake(message: "Type a command; Tab completes it.") }
        let argument = words.count > 1 ? words[1].trimmingSpaces : ""
        let name = try name(for: typed.lowercased(), in: context, own: own)
        guard let values = values(of: name, in: context) else {
            guard argument.isEmpty else { throw Mistake(message: "\(name) takes no value: type it alone.") }
            return own.contains(name) ? .own(name) : try intent(name)
        }
        switch name {
        case "interval": return .interval(try interval(argument))
        case "theme": return .theme(try choice(argument, of: name, values, Theme.Name.init))
        case "save-raw":
            guard !argument.isEmpty else { throw Mistake(message: "save-raw takes the name of a file to write.") }
            return .saveRaw(argument)
        case _ where argument.isEmpty: return try intent(name)
        case "filter": return .filter(argument)
        case "repair": return .repair(repair(argument))
        case "trigger": return .trigger(try parameters(argument))
        case "focus": return .focus(try choice(argument, of: name, values, JobFilter.Focus.init))
        case "sort" where context == .runs:
            return .sortRuns(try choice(argument, of: name, values) { typed in sortKey(typed, RunSortKey.allCases) })
        case "sort" where context == .causes:
            return .sortCauses(
                try choice(argument, of: name, values) { typed in sortKey(typed, CauseSortKey.allCases) })
        default:
            return .sortJobs(try choice(argument, of: name, values) { typed in sortKey(typed, JobSortKey.allCases) })
        }
    }

    private static func intent(_ name: String) throws(Mistake) -> Command {
        guard let intent = Intent(rawValue: name) else { throw unknown(name) }
        return .intent(intent)
    }

    /// The mode, and the tasks to run again: `rerun`, `resume load publish`, `load`.
    private static func repair(_ text: String) -> RunRepair {
        let words = text.split(separator: " ").map(String.init)
        guard let mode = words.first.flatMap({ RunRepair.Mode(rawValue: $0.lowercased()) }) else {
            return RunRepair(.resume, tasks: words)
        }
        return RunRepair(mode, tasks: Array(words.dropFirst()))
    }

    private static func parameters(_ text: String) throws(Mistake) -> [RunParameter] {
        var found: [RunParameter] = []
        for word in text.split(separator: " ") {
            guard let parameter = RunParameter(String(word)) else {
                throw Mistake(message: "“\(word)” is not NAME=VALUE.")
            }
            found.append(parameter)
        }
        return found
    }

    private static func unknown(_ typed: String) -> Mistake {
        Mistake(message: "No command “\(SafeText(typed).truncated(to: 12))”; : lists them.")
    }

    private static func name(
        for typed: String, in context: KeyContext, own: [String] = []
    ) throws(Mistake) -> String {
        let names = (names(in: context) + own).sorted()
        if let name = names.first(where: { $0 == typed || alias(of: $0) == typed }) { return name }
        let candidates = names.filter { $0.hasPrefix(typed) || alias(of: $0)?.hasPrefix(typed) == true }
        if candidates.count == 1 { return candidates[0] }
        if candidates.count > 1 {
            throw Mistake(message: "“\(typed)” may be: \(candidates.joined(separator: ", ")).")
        }
        let elsewhere = KeyContext.allCases.flatMap(Self.names)
        if elsewhere.contains(where: { $0 == typed || alias(of: $0) == typed }) {
            throw Mistake(message: "\(typed) does nothing on this screen.")
        }
        throw unknown(typed)
    }

    private static func interval(_ text: String) throws(Mistake) -> PollingInterval {
        if let interval = PollingInterval(text) { return interval }
        let hint: SafeText = "a time from 2s to 1h, such as 15s or 5m"
        throw Mistake(message: text.isEmpty ? "interval takes \(hint)." : "“\(text)” is not \(hint).")
    }

    private static func choice<Choice>(
        _ text: String, of name: String, _ values: [String], _ read: (String) -> Choice?
    ) throws(Mistake) -> Choice {
        if let choice = read(text.lowercased()) { return choice }
        throw Mistake(message: "\(name) takes \(values.joined(separator: ", ")).")
    }

    /// The sort key of a column, by the column's title or the key's raw value.
    private static func sortKey<SortKey: TitledSortKey & RawRepresentable<String>>(
        _ typed: String, _ keys: [SortKey]
    ) -> SortKey? {
        keys.first { word(of: $0) == typed } ?? keys.first { $0.rawValue == typed }
    }

    /// The completions of the last word of a line typed on a screen: commands, or values of one.
    static func completion(of line: String, in context: KeyContext, own: [String] = []) -> Completion {
        let line = line.drop { $0 == " " }
        guard let space = line.firstIndex(of: " ") else {
            let typed = line.lowercased()
            let choices = (names(in: context) + own).sorted().compactMap { name in
                name.hasPrefix(typed) ? name : alias(of: name).flatMap { $0.hasPrefix(typed) ? $0 : nil }
            }
            return Completion(stem: "", word: typed, choices: choices)
        }
        let typed = line[space...].trimmingSpaces.lowercased()
        let command = try? name(for: line[..<space].lowercased(), in: context)
        let choices = command.flatMap { values(of: $0, in: context) } ?? []
        return Completion(
            stem: line[..<space] + " ", word: typed, choices: choices.filter { $0.hasPrefix(typed) && $0 != typed })
    }

    /// The line with its last word completed, up to the common start of all completions.
    static func completed(_ line: LineEditor, in context: KeyContext, own: [String] = []) -> LineEditor {
        let completion = completion(of: line.text, in: context, own: own)
        guard let first = completion.choices.first else { return line }
        let common = completion.choices.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
        guard common.count >= completion.word.count else { return line }
        let takesMore = completion.stem.isEmpty && values(of: first, in: context) != nil
        return line.replaced(with: completion.stem + common + (completion.choices.count == 1 && takesMore ? " " : ""))
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

extension String {
    fileprivate func commonPrefix(with other: String) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map(\.0))
    }
}
