import AIDP
import ArgumentParser
import Foundation
import HTTP
import History
import OCIAuth
import Screen
import Terminal

/// The exit statuses that runtop uses: those of `sysexits.h`, and smaller ones for actions.
enum ExitStatus: Int32 {
    /// The run after an action ended with another status than intended.
    case endedOtherwise = 1
    /// An action was refused by the gate, at the question, or by the service.
    case refused = 3
    /// An action was sent, and its outcome is unknown.
    case unconfirmed = 4
    /// The run is still active after the timeout of `--wait`.
    case stillActive = 5
    /// The command line is wrong.
    case usage = 64
    /// Lines of the input are wrong.
    case dataError = 65
    /// A given file, job key or job name does not exist.
    case noInput = 66
    /// The service cannot be reached, or there is no terminal.
    case unavailable = 69
    /// An error in runtop itself.
    case software = 70
    /// A file or a stream cannot be written.
    case ioError = 74
    /// A retry may succeed later: a timeout, a 429.
    case temporaryFailure = 75
    /// The service sent an invalid answer.
    case protocolError = 76
    /// The service rejects these credentials.
    case noPermission = 77
    /// The configuration is wrong.
    case configuration = 78
}

/// Why a command fails: the message on standard error, and the exit status for scripts.
struct CommandFailure: Error, Equatable {
    let status: ExitStatus
    let trouble: Trouble

    init(_ status: ExitStatus, _ trouble: Trouble) {
        self.status = status
        self.trouble = trouble
    }

    init(_ status: ExitStatus, _ problem: String, advice: String = "") {
        self.init(status, Trouble(problem, advice: advice))
    }

    /// The failure for an error of another module. This is the only place that maps such errors to exit statuses.
    ///
    /// - Returns: `nil` for an error that ends the program in another way, such as ArgumentParser's.
    init?(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let trouble as Trouble: self.init(.configuration, trouble)
        case let error as CredentialsError: self.init(ExitStatus(error.kind), error.problem, advice: error.advice)
        case let error as TerminalError: self.init(.unavailable, error.description)
        case let error as SupervisorError: self.init(.software, error.description)
        case let error as ServiceError: self.init(ExitStatus(error.kind), error.summary, advice: error.advice)
        case let error as HistoryError: self.init(ExitStatus(error.kind), error.problem, advice: error.advice)
        default: return nil
        }
    }
}

extension ExitStatus {
    /// The exit status for credentials that cannot be used.
    fileprivate init(_ kind: CredentialsError.Kind) {
        self =
            switch kind {
            case .unreadableFile: .noInput
            case .unreachable: .unavailable
            case .refused: .noPermission
            case .configuration, .syntax, .key, .expiredToken, .unsupported: .configuration
            }
    }
}

extension ExitStatus {
    /// The exit status for a history that cannot be used.
    fileprivate init(_ kind: HistoryError.Kind) {
        self =
            switch kind {
            case .missing: .noInput
            case .damaged, .replaced, .foreign: .dataError
            case .locked: .temporaryFailure
            case .inaccessible: .ioError
            }
    }
}

/// Runs a body. If it throws, the command fails with this status, instead of that of a wrong configuration.
func withExitStatus<Value>(
    _ status: ExitStatus, _ body: () throws(Trouble) -> Value
) throws(CommandFailure) -> Value {
    do throws(Trouble) {
        return try body()
    } catch {
        throw CommandFailure(status, error)
    }
}

extension ParsableCommand {
    /// Runs the body of a command. Prints its failure on standard error and exits with the failure's status.
    func reportingFailures(_ body: () async throws -> Void) async throws {
        CoreDump.forbid()
        do {
            try await body()
        } catch {
            throw reported(error)
        }
    }

    /// The same for a synchronous body.
    func reportingFailuresSynchronously<Value>(_ body: () throws -> Value) throws -> Value {
        CoreDump.forbid()
        do {
            return try body()
        } catch {
            throw reported(error)
        }
    }

    /// Prints a failure on standard error. Returns the error that ends the program with its status.
    private func reported(_ error: any Error) -> any Error {
        guard let failure = CommandFailure(error) else { return error }
        StandardError.write("runtop: \(failure.trouble.problem)")
        if !failure.trouble.advice.isEmpty { StandardError.write("        \(failure.trouble.advice)") }
        return ExitCode(failure.status.rawValue)
    }
}
