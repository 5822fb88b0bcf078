import ArgumentParser
import Foundation
import Runs

/// The exit statuses of the action commands, for their help.
private let statuses = """
    Actions are off unless the settings file has “actions: true” or --allow-actions is given. On a terminal a question names \
    what will happen, and only “yes” is a yes; without one, --yes is needed. A place with “protected: true” wants its name: \
    typed at the question, or with --confirm-place. The request is sent once, with a retry token and the version of the run; \
    what was done is in “runtop history journal”.

    The exit status is 0 when it was carried out (with --wait: and the run succeeded, or was canceled as asked); 1 when the \
    run ended otherwise; 3 when it was refused, by the gate, at the question or by the service: nothing was changed; 4 when \
    it was sent and the outcome is not known; 5 when the time of --wait is over; otherwise it failed before anything was \
    changed: 64 for a wrong argument, 69 when the service cannot be reached, 75 when it may work later, 77 when the service \
    refuses the credentials or does not have the key, 78 for a wrong configuration.
    """

/// `runtop repair`.
struct RepairCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair", abstract: "Repairs a run that has ended: its failed tasks run again, or all.",
        discussion: statuses)

    @Argument(help: "The key of the run.")
    var runKey: String

    @Option(help: "resume: the tasks that did not succeed and those after them; rerun: all tasks.")
    var mode: RunRepair.Mode = .resume

    @Option(
        name: .customLong("task"),
        help: "The key of a task to run again, with those after it; can be repeated (default: the mode decides).")
    var tasks: [String] = []

    @OptionGroup var options: ActionCommandOptions

    func run() async throws {
        try await reportingFailures {
            try await ActionCommand(options).run(onRun: runKey, .repair(RunRepair(mode, tasks: tasks)))
        }
    }
}

/// `runtop cancel`.
struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancels a run that is active.", discussion: statuses)

    @Argument(help: "The key of the run.")
    var runKey: String

    @OptionGroup var options: ActionCommandOptions

    func run() async throws {
        try await reportingFailures { try await ActionCommand(options).run(onRun: runKey, .cancel) }
    }
}

/// `runtop trigger`.
struct TriggerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trigger", abstract: "Runs a job now.", discussion: statuses)

    @Argument(help: "The key of the job.")
    var jobKey: String

    @Option(
        name: .customLong("parameter"), help: "NAME=VALUE, in place of the job's own; can be repeated.",
        transform: Self.parameter)
    var parameters: [RunParameter] = []

    @OptionGroup var options: ActionCommandOptions

    func run() async throws {
        try await reportingFailures { try await ActionCommand(options).run(onJob: jobKey, .trigger(parameters)) }
    }

    private static func parameter(_ text: String) throws -> RunParameter {
        guard let parameter = RunParameter(text) else { throw ValidationError("“\(text)” is not NAME=VALUE.") }
        return parameter
    }
}

extension RunRepair.Mode: ExpressibleByArgument {}

/// The output format of an action.
enum ActionFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

/// The options of the action commands.
struct ActionCommandOptions: ParsableArguments {
    @Flag(help: "Answer the question with yes: needed where there is no terminal.")
    var yes = false

    @Option(help: "The name or the key of the workspace, which a protected place wants to hear.")
    var confirmPlace: String?

    @Flag(help: "Wait until the run has ended.")
    var wait = false

    @Option(help: "How long to wait with --wait, 1s to 7d.", transform: Self.patience)
    var waitTimeout: Duration = .seconds(86_400)

    @Option(help: "text or json.")
    var output: ActionFormat = .text

    @Option(help: "The settings file (default ~/.config/runtop/config.yaml, if there is one).")
    var settings: String?

    @OptionGroup(title: "Actions") var action: ActionOptions
    @OptionGroup(title: "Where and who") var connection: ConnectionOptions
    @OptionGroup(title: "The history") var history: HistoryOptions
    @OptionGroup(title: "Logs") var log: LogOptions

    private static func patience(_ text: String) throws -> Duration {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), text.utf8.count <= 7, let count = Int(text.dropLast()),
            1...604_800 ~= count * unit
        else { throw ValidationError("“\(text)” is not a time from 1s to 7d, such as 90s or 2h.") }
        return .seconds(count * unit)
    }
}
