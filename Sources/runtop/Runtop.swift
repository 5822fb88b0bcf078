import ArgumentParser
import Screen

/// The command line: `runtop` opens the dashboard; the subcommands have other functions.
struct Runtop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runtop",
        abstract: "A terminal dashboard for the job runs of Oracle AI Data Platform.",
        discussion: """
            What is broken, what is late, what is running: a live table of the recent runs of every job, and from there \
            to the error trace in two keys.

            Try it without a tenancy: runtop demo.
            """,
        version: Version.current,
        subcommands: [
            Watch.self, Demo.self, Simulate.self, RunsCommand.self, HealthCommand.self, HistoryCommand.self,
            CauseCommand.self, DoctorCommand.self, TriggerCommand.self, RepairCommand.self, CancelCommand.self,
        ],
        defaultSubcommand: Watch.self)
}

/// An unknown word in the position of a command: `runtop wacth`, `runtop help wacth`.
struct UnknownCommand: Equatable {
    let sentence: SafeText

    /// - Parameter arguments: the arguments of the program, without its name.
    /// - Returns: `nil` if there is no such word, or if it is a flag or a known command.
    init?(in arguments: some Collection<String>) {
        guard let word = arguments.first == "help" ? arguments.dropFirst().first : arguments.first else { return nil }
        let names = Runtop.configuration.subcommands.map { $0._commandName } + ["help"]
        guard !word.hasPrefix("-"), !names.contains(word) else { return nil }
        let nearest = names.map { (name: $0, distance: Self.distance($0, word)) }.min { $0.distance < $1.distance }
        let advice: SafeText =
            if let nearest, nearest.distance <= 2 {
                "Did you mean “\(nearest.name)”?"
            } else {
                "The commands are \(names.joined(separator: ", "))."
            }
        sentence = "There is no command “\(word)”. " + advice
    }

    /// The number of characters to insert, remove or replace to turn one word into the other.
    private static func distance(_ one: String, _ other: String) -> Int {
        var row = Array(0...other.count)
        for (index, character) in one.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, another) in other.enumerated() {
                let replaced = diagonal + (character == another ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, row[column + 1] + 1)
            }
        }
        return row[other.count]
    }
}

/// runtop's version, shown to people and sent to the service.
enum Version {
    static let current = "0.1.0"
}
