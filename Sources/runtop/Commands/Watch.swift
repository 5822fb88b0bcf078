import ArgumentParser
import Dashboard
import Foundation
import OCIAuth
import Polling
import Screen
import Terminal

/// `runtop`, `runtop watch`: the dashboard.
struct Watch: DashboardCommand {
    static let configuration = CommandConfiguration(abstract: "The dashboard (the default).")

    @OptionGroup(title: "Where and who") var connection: ConnectionOptions
    @OptionGroup(title: "What to ask for") var polling: PollingOptions
    @OptionGroup(title: "The dashboard") var display: DisplayOptions
    @OptionGroup(title: "The history") var history: HistoryOptions
    @OptionGroup(title: "Actions") var action: ActionOptions
    @OptionGroup(title: "Logs") var log: LogOptions

    func runSupervised(environment: [String: String]) throws -> Int32 {
        try Supervisor.run(
            arguments: CommandLine.arguments, environment: environment,
            stateFolder: Environment(environment).stateFolder)
    }

    func run() async throws {
        try await reportingFailures {
            let environment = ProcessInfo.processInfo.environment
            let settings = try SettingsFile.load(named: display.settings, environment: environment)
            let logs = try log.open(settings, environment: environment)
            // This may prompt for a pass phrase, which is only possible before the screen opens.
            let connection = try await logs.loggingFailure {
                try await ConnectionSettings(self.connection, environment: environment, file: settings).connect(
                    logs: logs)
            }
            let warnings = connection.credentials.warnings.map(\.message)
            // The dashboard shows the warnings when it starts; standard error stays visible after it ends.
            for warning in warnings { StandardError.write("runtop: \(warning)") }
            let interval = display.interval ?? settings.interval ?? PollingInterval(.seconds(15))
            let session = DashboardSession(
                connection: connection,
                polling: polling.polling(interval: interval, settings: settings),
                theme: display.theme ?? settings.theme, keymap: settings.keymap, ownCommands: settings.ownCommands,
                warnings: warnings,
                allowsActions: action.isAllowed(settings), isProtected: settings.isProtected,
                history: history.store(settings.history, environment: environment))
            try await session.run(environment: environment)
        }
    }
}
