import AIDPClient
import ArgumentParser
import Foundation
import Polling
import Screen

/// How `runtop runs` prints.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, jsonl, csv
}

/// `runtop runs`: one refresh to standard output.
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "One refresh to standard output, for people and for scripts.")

    @OptionGroup(title: "Where and who") var connection: ConnectionOptions
    @OptionGroup(title: "What to ask for") var polling: PollingOptions
    @OptionGroup(title: "Logs") var log: LogOptions

    @Option(help: "table; json, jsonl: the API's own fields, as they came; csv.")
    var output: OutputFormat = .table

    @Option(help: "The settings file (~/.config/runtop/config.yaml where there is one).")
    var settings: String?

    func run() async throws {
        try await refusing {
            let environment = ProcessInfo.processInfo.environment
            let settings = try SettingsFile.load(named: settings, environment: environment)
            let logs = try log.open()
            let connection = try await logs.noting {
                try await Connection(self.connection, environment: environment, settings: settings, logs: logs)
            }
            for warning in connection.credentials.warnings { StandardError.write("runtop: \(warning.message)") }
            let client = connection.client(budget: .seconds(30), keepsItemJSON: true)
            let polling = polling.polling(interval: PollingInterval(.seconds(15)), settings: settings)
            let refresh = await oneRefresh(of: client, settings: polling)
            await client.shutdown()
            logs.finish()
            let printer = RefreshPrinter(format: output, isTerminal: isatty(STDOUT_FILENO) == 1)
            try printer.print(refresh, at: Date())
            if let status = RefreshReport(refresh).tell() { throw ExitCode(status.rawValue) }
        }
    }
}
