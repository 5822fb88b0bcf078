import Polling
import Runs
import Screen

/// A command by its name, as typed after `:`.
enum Command: Hashable, Sendable {
    case intent(Intent)
    case interval(Duration)
    case sort(JobSortKey)
    case filter(String)
    case theme(Theme.Name)
    /// Save the trace to a file, byte for byte as the service sent it.
    case saveRaw(String)

    /// What was typed is no command: says what would be.
    struct Misspelt: Error, Equatable {
        let message: SafeText
    }

    /// The names that can be typed, for completion.
    static let names: [String] =
        (Intent.allCases.map(\.rawValue).filter { commandIntents.contains($0) } + [
            "interval", "filter", "theme", "save-raw",
        ])
        .sorted()

    /// Intents that make sense by name; moving the cursor does not.
    private static let commandIntents: Set<String> = Set(
        [
            Intent.quit, .help, .back, .pause, .refresh, .reverse, .copy, .save, .redraw, .suspend, .focus, .sort,
            .wrap,
            .tasks, .rootCause, .openTrace,
        ].map(\.rawValue))

    /// Reads a typed line. A name may be cut short as long as one command begins so.
    static func parse(_ line: String) throws(Misspelt) -> Command {
        let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard let typed = words.first else {
            throw Misspelt(message: "Type a command: \(names.joined(separator: " ")).")
        }
        let argument = words.count > 1 ? words[1].trimmingSpaces : ""
        switch try name(for: String(typed)) {
        case "interval": return .interval(try interval(argument))
        case "filter": return .filter(argument)
        case "save-raw":
            guard !argument.isEmpty else { throw Misspelt(message: "save-raw takes the name of a file to write.") }
            return .saveRaw(argument)
        case "theme": return .theme(try choice(argument, of: "theme"))
        case Intent.sort.rawValue where !argument.isEmpty: return .sort(try choice(argument, of: "sort"))
        case let name:
            guard let intent = Intent(rawValue: name) else { throw Misspelt(message: "No command is called \(name).") }
            return .intent(intent)
        }
    }

    private static func name(for typed: String) throws(Misspelt) -> String {
        if names.contains(typed) { return typed }
        let candidates = names.filter { $0.hasPrefix(typed) }
        switch candidates.count {
        case 1: return candidates[0]
        case 0:
            throw Misspelt(message: "No command begins with “\(typed)”. There are: \(names.joined(separator: " ")).")
        default: throw Misspelt(message: "“\(typed)” may be: \(candidates.joined(separator: " ")).")
        }
    }

    private static func interval(_ text: String) throws(Misspelt) -> Duration {
        guard let interval = PollingInterval(text)?.duration else {
            throw Misspelt(message: "An interval is 2s to 1h, such as 15s or 5m; “\(text)” is not.")
        }
        return interval
    }

    private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ text: String, of what: String
    ) throws(Misspelt) -> Choice {
        guard let choice = Choice(rawValue: text) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: " ")
            throw Misspelt(message: "\(what) takes one of: \(choices).")
        }
        return choice
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
