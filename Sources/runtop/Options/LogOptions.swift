import AIDPClient
import ArgumentParser
import Logging
import Logs
import Screen

/// How much is logged: swift-log's levels.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case trace, debug, info, notice, warning, error, critical

    var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}

/// What is written down for later.
struct LogOptions: ParsableArguments {
    @Option(help: "A file to log to, one line a request; it is rotated at 10 MB, and three old ones are kept.")
    var logFile: String?

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: LogLevel = .info

    @Option(
        name: .customLong("debug-http"),
        help:
            "A folder for the last 50 requests and answers, for a bug report: without signatures and tokens, but with whole bodies."
    )
    var debugHTTP: String?

    /// Opens what is to be written to.
    ///
    /// - Throws: ``Refusal`` when a file or a folder cannot be made.
    func open() throws -> RequestLogs {
        do throws(LogFailure) {
            var logs = RequestLogs.none
            if let logFile {
                let file = try RotatingFile(path: logFile)
                logs.logger = Logger(label: "runtop") { _ in FileLogHandler(file, level: logLevel.level) }
                logs.logger.notice("runtop \(Version.current) begins")
            }
            if let debugHTTP { logs.recorder = try ExchangeRecorder(folder: debugHTTP) }
            return logs
        } catch {
            throw Refusal(.ioError, SafeText(error.problem), advice: SafeText(error.advice))
        }
    }
}

/// Where requests are written down.
struct RequestLogs: Sendable {
    var logger: Logger
    var recorder: ExchangeRecorder?

    /// Nowhere.
    static var none: RequestLogs { RequestLogs(logger: .silent, recorder: nil) }

    /// Runs what may be refused, and writes down the refusal.
    func noting<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let refusal as Refusal {
            logger.error("\(refusal.problem)")
            finish()
            throw refusal
        }
    }

    var observer: (any RequestObserver)? { recorder }

    /// Waits until all is written.
    func finish() {
        logger.notice("runtop ends")
        recorder?.finish()
    }
}
