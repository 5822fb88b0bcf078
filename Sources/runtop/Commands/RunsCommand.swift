import AIDP
import ArgumentParser
import Foundation
import OCIAuth
import Polling
import Screen
import Terminal

/// The output format of `runtop runs`.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, jsonl, csv
}

/// `runtop runs`: one refresh to standard output.
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "One refresh to standard output, for people and for scripts.",
        discussion: """
            Rows come in the order of --sort-by and --sort-order. Nothing that is printed can control a terminal: escape \
            sequences are spelled out in the table and in CSV, and escaped in JSON, which loses nothing.

            What failed is printed on standard error. The exit status is 0; 64 for a wrong argument; 66 when a file, a \
            --job-key or a --job-name that was given is not there; 69 when the service cannot be reached; 74 when the \
            output cannot be written; 75 when it may work later; 76 for an answer that is not the API's; 77 when the \
            service refuses the credentials; 78 for a wrong configuration.
            """)

    @OptionGroup(title: "Where and who") var connection: ConnectionOptions
    @OptionGroup(title: "What to ask for") var polling: PollingOptions
    @OptionGroup(title: "Logs") var log: LogOptions

    @Option(help: "table; json or jsonl, the API's own fields as they came; or csv, with all times as ISO 8601.")
    var output: OutputFormat = .table

    @Flag(help: "With --output csv: text exactly as the service sent it, escape sequences and all.")
    var raw = false

    @Option(help: "The settings file (default ~/.config/runtop/config.yaml, if there is one).")
    var settings: String?

    func validate() throws {
        guard !raw || output == .csv else { throw ValidationError("--raw requires --output csv.") }
    }

    func run() async throws {
        try await reportingFailures {
            let environment = ProcessInfo.processInfo.environment
            let settings = try SettingsFile.load(named: settings, environment: environment)
            let logs = try log.open(settings, environment: environment)
            let connection = try await logs.loggingFailure {
                try await ConnectionSettings(self.connection, environment: environment, file: settings).connect(
                    logs: logs)
            }
            for warning in connection.credentials.warnings { StandardError.write("runtop: \(warning.message)") }
            let client = connection.client(budget: .seconds(30), keepsItemJSON: true)
            let polling = polling.polling(interval: PollingInterval(.seconds(15)), settings: settings)
            let refresh = await oneRefresh(of: client, place: connection.place, settings: polling)
            await client.shutdown()
            logs.finish()
            let order = PrintedOrder(sortBy: polling.sortBy, isAscending: polling.sortOrder == .ascending)
            let columns = isatty(STDOUT_FILENO) == 1 ? await TerminalDescription.current(environment).size.columns : 0
            try RefreshPrinter(
                format: output, order: order, isRaw: raw, width: columns > 0 ? columns : nil,
                write: StandardOutput.write
            )
            .print(refresh, at: Date())
            let report = RefreshReport(refresh: refresh, scope: polling.scope, write: StandardError.write)
            if let status = report.print() { throw ExitCode(status.rawValue) }
        }
    }
}
