import ArgumentParser
import Foundation
import Screen
import Terminal

/// The exit statuses of `sysexits.h` that runtop uses.
enum ExitStatus: Int32 {
    /// The command line is wrong.
    case usage = 64
    /// A given file, job key or job name does not exist.
    case noInput = 66
    /// The service cannot be reached, or there is no terminal.
    case unavailable = 69
    /// An error in runtop itself.
    case software = 70
    /// A file or a stream cannot be written.
    case ioError = 74
    /// It may work later: a time-out, a 429.
    case temporaryFailure = 75
    /// The service sent an invalid answer.
    case protocolError = 76
    /// The service refuses these credentials.
    case noPermission = 77
    /// The configuration is wrong.
    case configuration = 78
}

/// An error that ends the program, with a message on standard error and an exit status for scripts.
struct Refusal: Error {
    let status: ExitStatus
    let problem: SafeText
    let advice: SafeText

    init(_ status: ExitStatus, _ problem: SafeText, advice: SafeText = "") {
        self.status = status
        self.problem = problem
        self.advice = advice
    }
}

extension ParsableCommand {
    /// Runs a body; prints its refusal on standard error, and exits with the refusal's status.
    func refusing(_ body: () async throws -> Void) async throws {
        CoreDump.forbid()
        do {
            try await body()
        } catch let refusal as Refusal {
            StandardError.write("runtop: \(refusal.problem)")
            if !refusal.advice.isEmpty { StandardError.write("        \(refusal.advice)") }
            throw ExitCode(refusal.status.rawValue)
        }
    }
}
