import AIDP
import ArgumentParser
import HTTP
import Logging
import Logs
import OCIAuth

/// The log level: swift-log's levels.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case trace, debug, info, notice, warning, error, critical

    var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}

struct LogOptions: ParsableArguments {
    @Option(help: "A file to log to, one line per request; it is rotated at 10 MB, and three old ones are kept.")
    var logFile: String?

    @Option(help: "trace, debug, info, notice, warning, error or critical (default info).")
    var logLevel: LogLevel?

    @Option(
        name: .customLong("debug-http"),
        help:
            "A private folder for the last 50 requests and answers, for a bug report: without signatures, tokens, cookies and page tokens, but with whole bodies."
    )
    var debugHTTP: String?

    /// Opens the log file and the folder if they are set. A flag overrides the settings file.
    ///
    /// - Throws: ``CommandFailure`` if a file or a folder cannot be created.
    func open(_ settings: SettingsFile, environment: [String: String]) throws(CommandFailure) -> RequestLogs {
        let level = logLevel ?? settings.logLevel ?? .info
        let environment = Environment(environment)
        return try withExitStatus(.ioError) { () throws(Trouble) in
            var logs = RequestLogs.none
            if let path = logFile ?? settings.logFile {
                let file = try RotatingFile(path: environment.expandingTilde(path))
                logs.logger = Logger(label: "runtop") { _ in FileLogHandler(file, level: level.level) }
                logs.logger.notice("runtop \(Version.current) begins")
            }
            if let debugHTTP {
                logs.recorder = try ExchangeRecorder(folder: environment.expandingTilde(debugHTTP))
            }
            return logs
        }
    }
}

/// The destinations of the request logs.
struct RequestLogs: Sendable {
    var logger: Logger
    var recorder: ExchangeRecorder?

    /// Logs nothing.
    static var none: RequestLogs { RequestLogs(logger: .silent, recorder: nil) }

    /// Runs a body. If it throws, logs the reason.
    func loggingFailure<Value>(of body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch {
            if let failure = CommandFailure(error) { logger.error("\(failure.trouble.problem)") }
            finish()
            throw error
        }
    }

    var observer: (any RequestObserver)? { recorder }

    /// Waits until everything is written.
    func finish() {
        logger.notice("runtop ends")
        recorder?.finish()
    }
}
