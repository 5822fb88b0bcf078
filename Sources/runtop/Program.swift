import ArgumentParser
import Foundation
import HTTP
import Screen
import Terminal

/// The entry point of the program.
///
/// It is synchronous: the parent of a dashboard, and commands that only check or explain the command line, start no
/// thread and no run loop. Everything else runs in a task, while the main thread runs its run loop: the main actor and
/// its timers then wake only one thread.
@main
enum Program {
    static func main() {
        // The parser would treat the word as an argument of the default command, and would ignore it after `help`.
        if let problem = UnknownCommand(in: CommandLine.arguments.dropFirst()) {
            StandardError.write("runtop: \(problem.sentence)")
            StandardError.write("Usage: runtop <command>")
            StandardError.write("  See 'runtop --help' for the commands.")
            Runtop.exit(withError: ExitCode(ExitStatus.usage.rawValue))
        }
        do {
            let command = try Runtop.parseAsRoot()
            if let dashboard = command as? any DashboardCommand, !Supervisor.isSupervised {
                let status = try dashboard.supervised(environment: ProcessInfo.processInfo.environment)
                Runtop.exit(withError: ExitCode(status))
            }
            start(command)
        } catch {
            Runtop.exit(withError: error)
        }
    }

    private static func start(_ command: sending any ParsableCommand) {
        EventLoops.useOne()
        Task {
            do {
                var command = command
                if var asynchronous = command as? any AsyncParsableCommand {
                    try await asynchronous.run()
                } else {
                    try command.run()
                }
                Foundation.exit(EXIT_SUCCESS)
            } catch {
                Runtop.exit(withError: error)
            }
        }
        while true { RunLoop.main.run() }
    }
}

/// A command that opens the dashboard in a child process, so that the terminal is restored even after a crash.
protocol DashboardCommand: AsyncParsableCommand {
    /// Starts the child, and waits for its end.
    ///
    /// - Returns: the exit status.
    func runSupervised(environment: [String: String]) throws -> Int32
}

extension DashboardCommand {
    /// Checks the terminal, and runs the dashboard in a child process. Prints an error if that fails.
    fileprivate func supervised(environment: [String: String]) throws -> Int32 {
        try reportingFailuresSynchronously {
            try MainActor.assumeIsolated { try TerminalScreen.check(environment: environment) }
            return try runSupervised(environment: environment)
        }
    }
}
