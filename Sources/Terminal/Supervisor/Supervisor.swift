import CNcurses
import Foundation
import Glibc
import Screen

/// The parent of the dashboard: starts it, stays out of its way, and puts the terminal back whatever it died of.
///
/// No handler inside a process can do that for a crash, a trap or SIGKILL; another process can, and measured it does
/// for every death there is. It also sets the Swift runtime's crash reporting, which is read at a process's start and
/// would otherwise take over the terminal and wait for a key.
public enum Supervisor {
    /// How long the dashboard may take to leave when told to.
    private static let patience = Duration.seconds(2)

    /// Whether this process is the dashboard, started by ``run(arguments:environment:)``.
    public static var isSupervised: Bool {
        lifeline != nil
    }

    /// Runs this same program with the same arguments as a supervised child, and waits for its end.
    ///
    /// - Parameters:
    ///   - arguments: all of them, the program's name first.
    ///   - environment: the child's, to which the marker and the runtime's settings are added.
    /// - Returns: the status to exit with.
    public static func run(arguments: [String], environment: [String: String]) throws(SupervisorError) -> Int32 {
        let terminal = SavedTerminal(descriptor: STDIN_FILENO)
        let report = try CrashReport(environment: environment, now: Date())
        CoreDump.forbid()
        // Should this process crash, the dashboard finds it gone and gives the terminal back; the runtime's reporter would
        // draw over the screen and wait for a key.
        for signal in ChildEnd.crashes { Glibc.signal(signal, SIG_DFL) }
        let end: ChildEnd
        do {
            var watch = try Watch(terminal: STDIN_FILENO)
            let lifeline = try PrivatePipe()
            let child = try ChildProcess(
                arguments: arguments, environment: childEnvironment(environment, lifeline: lifeline.readEnd),
                inherited: [(report.descriptor, STDERR_FILENO), (lifeline.readEnd, lifeline.readEnd)])
            end = wait(for: child, watch: &watch)
        } catch {
            report.close(keep: false)
            throw error
        }
        terminal?.restore()
        tell(end, report)
        return end.exitStatus
    }

    /// What ties this process to its supervisor, if it has one.
    static var lifeline: Lifeline? {
        Lifeline(environmentValue: getenv(Lifeline.variable).map { String(cString: $0) }, parent: getppid())
    }

    static func childEnvironment(_ environment: [String: String], lifeline: Int32) -> [String: String] {
        environment.merging([
            Lifeline.variable: Lifeline.environmentValue(parent: getpid(), descriptor: lifeline),
            "SWIFT_BACKTRACE": "enable=yes,interactive=no,color=no,output-to=stderr",
        ]) { _, ours in ours }
    }

    private static func wait(for child: ChildProcess, watch: inout Watch) -> ChildEnd {
        var leaving: (signal: Int32, deadline: ContinuousClock.Instant)?
        var isKilled = false
        while true {
            switch child.poll() {
            case .ended(let end):
                if isKilled, let leaving { return .killed(after: leaving.signal) }
                return end
            case .stopped:
                ProcessStop.stopAlong()
                child.send(SIGCONT)
                continue
            case nil:
                break
            }
            let timeout = leaving.map { isKilled ? -1 : milliseconds(until: $0.deadline) } ?? -1
            if timeout == 0 {
                child.send(SIGKILL)
                isKilled = true
                continue
            }
            let (signals, hasHungUp) = watch.next(timeout: timeout)
            var toForward = signals.filter(mustForward).map(\.number)
            if hasHungUp { toForward.append(SIGHUP) }
            for signal in toForward {
                child.send(signal)
                if [SIGHUP, SIGTERM].contains(signal), leaving == nil { leaving = (signal, .now + patience) }
            }
        }
    }

    /// What the terminal sends goes to the child as well, but for a hang-up, which it may send to us alone.
    private static func mustForward(_ signal: SignalNotes.Signal) -> Bool {
        switch signal.number {
        case SIGTERM, SIGHUP: true
        case SIGINT, SIGQUIT, SIGUSR1, SIGUSR2: !signal.isFromTerminal
        default: false
        }
    }

    private static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
        let left = (deadline - .now) / Duration.milliseconds(1)
        return Int32(max(0, min(left.rounded(.up), 10_000)))
    }

    /// Says what happened. What the dashboard itself wrote on standard error, which would have spoilt its screen, is
    /// said now.
    private static func tell(_ end: ChildEnd, _ report: CrashReport) {
        let said = report.lines()
        let isReport = end.isCrash && !said.isEmpty
        var lines = isReport ? [] : said
        if let message = end.message(report: isReport ? report.path : nil) { lines.append(SafeText(message)) }
        let bytes = Array(lines.map { $0.description + "\n" }.joined().utf8)
        if !bytes.isEmpty { _ = write(STDERR_FILENO, bytes, bytes.count) }
        report.close(keep: isReport)
    }
}
