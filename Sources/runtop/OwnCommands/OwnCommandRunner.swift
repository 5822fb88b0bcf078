import Actions
import Dashboard
import Glibc
import OCIAuth
import Runs
import Terminal

/// Runs the user's own commands. A command that changes something passes the gate here.
@MainActor
final class OwnCommandRunner {
    private let environment: [String: String]
    /// The running commands, by number.
    private var running: [Int: ProgramProcess] = [:]

    /// The prefix of runtop's internal variables.
    private static let ownVariables = "RUNTOP_"

    init(environment: [String: String]) {
        self.environment = environment.filter { !$0.key.hasPrefix(Self.ownVariables) }
    }

    /// Runs a command until it ends.
    ///
    /// - Parameters:
    ///   - gate: if `nil`, no command that changes something runs.
    ///   - onTerminal: runs a program that uses the terminal.
    ///   - report: receives the output, and finally how the command ended.
    func run(
        _ call: OwnCommandCall, confirmed: ActionConfirmation?, gate: ActionGate?,
        onTerminal: (_ path: String, _ arguments: [String], _ environment: [String: String]) async -> OwnCommandEnd,
        report: (OwnCommandEvent) -> Void
    ) async {
        if call.changesSomething, let refusal = refusal(call, confirmed, gate) {
            return report(.ended(.notPermitted(reason: refusal), call, lastLine: ""))
        }
        var arguments = call.arguments
        arguments[0] = Environment(environment).expandingTilde(arguments[0])
        if call.output == .terminal {
            guard let path = HandedText.find(arguments[0], in: environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin")
            else {
                return report(.ended(.notStarted(reason: "it is not a program in PATH"), call, lastLine: ""))
            }
            return report(.ended(await onTerminal(path, arguments, environment), call, lastLine: ""))
        }
        let process: ProgramProcess
        do throws(NewProgram.Failure) {
            process = try ProgramProcess(arguments, environment: environment)
        } catch {
            return report(.ended(.notStarted(reason: error.reason), call, lastLine: ""))
        }
        running[call.number] = process
        var end: [UInt8] = []
        while let bytes = await process.nextOutput() {
            end = (end + bytes).suffix(4_096)
            report(.printed(bytes, number: call.number))
            // Keys have priority, however fast the command prints.
            await Task.yield()
        }
        running[call.number] = nil
        let lines = end.split { $0 == UInt8(ascii: "\n") }
        let lastLine = lines.last.map { String(decoding: $0, as: UTF8.self) } ?? ""
        report(.ended(Self.end(ofStatus: process.waitStatus), call, lastLine: lastLine))
    }

    private func refusal(
        _ call: OwnCommandCall, _ confirmed: ActionConfirmation?, _ gate: ActionGate?
    ) -> String? {
        guard let gate else { return GateRefusal.notAllowed.problem }
        guard let confirmed else { return "it was not confirmed: nothing was run" }
        do throws(GateRefusal) {
            try gate.check(call.target.place, confirmed)
            return nil
        } catch {
            return "\(error.problem) \(error.advice)"
        }
    }

    /// Asks a command to end, or kills it.
    func stop(_ number: Int, byForce: Bool) { running[number]?.send(byForce ? SIGKILL : SIGTERM) }

    /// Ends all running commands: none outlives runtop.
    func stopAll() async {
        guard !running.isEmpty else { return }
        for process in running.values { process.send(SIGTERM) }
        for _ in 0..<10 where !running.isEmpty { try? await Task.sleep(for: .milliseconds(50)) }
        for process in running.values { process.send(SIGKILL) }
    }

    private static func end(ofStatus status: Int32) -> OwnCommandEnd {
        let signal = status & 0x7F
        return signal == 0
            ? .exited((status >> 8) & 0xFF) : .signalled(signalName(signal))
    }

    /// `SIGTERM`.
    static func signalName(_ signal: Int32) -> String {
        let names = [
            SIGHUP: "SIGHUP", SIGINT: "SIGINT", SIGQUIT: "SIGQUIT", SIGABRT: "SIGABRT", SIGKILL: "SIGKILL",
            SIGSEGV: "SIGSEGV", SIGPIPE: "SIGPIPE", SIGTERM: "SIGTERM",
        ]
        return names[signal] ?? "signal \(signal)"
    }
}
