import CNcurses
import Foundation
import Glibc
import Screen

/// The parent process of the dashboard: starts it, waits for its end, and restores the terminal however it ended.
///
/// A handler inside a process cannot do that after a crash, a trap or SIGKILL; another process can, and tests cover each of
/// these. The supervisor also sets up the Swift runtime's crash reporting, which a process reads at its start and which
/// would otherwise take over the terminal and wait for a key.
public enum Supervisor {
    /// How long the dashboard may take to end after a signal.
    private static let longestExit = Duration.seconds(2)
    /// How long a stopped dashboard may take to continue with this process. The `fg` of a shell continues both.
    /// This process continues the dashboard only if it was continued alone. If it did so at once, its signal could arrive
    /// after the next `^Z` and undo it.
    private static let longestContinue = Duration.milliseconds(100)

    /// Whether this process is the dashboard, started by ``run(arguments:environment:)``.
    public static var isSupervised: Bool {
        lifeline != nil
    }

    /// Runs this same program with the same arguments as a supervised child, and waits for its end.
    ///
    /// - Parameters:
    ///   - arguments: all of them, the program's name first.
    ///   - environment: the child's, to which the marker and the settings of the runtime's crash reporter are added.
    /// - Returns: the status to exit with.
    public static func run(arguments: [String], environment: [String: String]) throws(SupervisorError) -> Int32 {
        let terminal = SavedTerminal(descriptor: STDIN_FILENO)
        let report = try CrashReport(environment: environment, now: Date())
        CoreDump.forbid()
        // If this process crashes, the dashboard notices and restores the terminal. The runtime's reporter would draw over
        // the screen and wait for a key.
        for signal in ChildEnd.crashes { Glibc.signal(signal, SIG_DFL) }
        let end: ChildEnd
        var isCrashAnnounced = false
        do {
            let (lifeline, crashes) = (try PrivatePipe(), try PrivatePipe())
            var watch = try Watch(terminal: STDIN_FILENO, announcements: crashes.readEnd)
            let child = try ChildProcess(
                arguments: arguments,
                environment: childEnvironment(
                    environment, lifeline: lifeline.readEnd, announcements: crashes.writeEnd),
                inherited: [
                    (report.descriptor, STDERR_FILENO), (lifeline.readEnd, lifeline.readEnd),
                    (crashes.writeEnd, crashes.writeEnd),
                ])
            end = wait(for: child, watch: &watch) { signal in
                terminal?.restore()
                write([SafeText(ChildEnd.crashMessage(signal: signal, report: report.path))])
                isCrashAnnounced = true
            }
        } catch {
            report.close(keep: false)
            throw error
        }
        terminal?.restore()
        if isCrashAnnounced { terminal?.dropTyping() }
        finish(report, of: end, isCrashAnnounced: isCrashAnnounced)
        return end.exitStatus
    }

    /// The connection of this process to its supervisor, if it has one.
    static var lifeline: Lifeline? {
        Lifeline(environmentValue: getenv(Lifeline.variable).map { String(cString: $0) }, parent: getppid())
    }

    /// The runtime's crash reporter must not use the terminal and must not print registers, because it also shows the
    /// memory that they point to, which may contain a key. The operator's other settings of the reporter are kept.
    static func childEnvironment(
        _ environment: [String: String], lifeline: Int32, announcements: Int32
    ) -> [String: String] {
        let name = "SWIFT_BACKTRACE"
        let ours = "enable=yes,interactive=no,color=no,registers=none,sanitize=yes,output-to=stderr"
        let settings = [environment[name] ?? "", ours].filter { !$0.isEmpty }.joined(separator: ",")
        return environment.merging([
            Lifeline.variable: Lifeline.environmentValue(
                parent: getpid(), descriptor: lifeline, announcements: announcements),
            name: settings,
        ]) { _, ours in ours }
    }

    /// Waits for the child's end.
    ///
    /// - Parameter crashed: called at once when the child crashes. The child ends seconds later, after the report is written.
    private static func wait(
        for child: ChildProcess, watch: inout Watch, crashed: (_ signal: Int32) -> Void
    ) -> ChildEnd {
        var leaving: (signal: Int32, deadline: ContinuousClock.Instant)?
        var isKilled = false
        var continueBy: ContinuousClock.Instant?
        while true {
            switch child.poll() {
            case .ended(let end):
                if isKilled, let leaving { return .killed(after: leaving.signal) }
                return end
            case .stopped:
                ProcessStop.stopAlong()
                continueBy = .now + longestContinue
                continue
            case .continued:
                continueBy = nil
                continue
            case nil:
                break
            }
            if let moment = continueBy, moment <= .now {
                child.send(SIGCONT)
                continueBy = nil
            }
            if let leaving, !isKilled, leaving.deadline <= .now {
                child.send(SIGKILL)
                isKilled = true
            }
            let deadline = [isKilled ? nil : leaving?.deadline, continueBy].compactMap(\.self).min()
            let wake = watch.next(timeout: deadline.map(milliseconds) ?? -1)
            if let signal = wake.crash { crashed(signal) }
            var toForward = wake.signals.filter(mustForward).map(\.number)
            if wake.hasHungUp { toForward.append(SIGHUP) }
            for signal in toForward {
                child.send(signal)
                if [SIGHUP, SIGTERM].contains(signal), leaving == nil { leaving = (signal, .now + longestExit) }
            }
        }
    }

    /// The terminal sends its signals to the child as well, except a hang-up, which it may send to this process only.
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

    /// Prints how the child ended, and what it wrote on standard error while it had the screen. The report of a
    /// crash stays in its file.
    private static func finish(_ report: CrashReport, of end: ChildEnd, isCrashAnnounced: Bool) {
        let written = report.lines()
        let isReport = end.isCrash && !written.isEmpty
        var lines = isReport ? [] : written
        let message = end.message(report: isReport ? report.path : nil, isCrashAnnounced: isCrashAnnounced)
        if let message { lines.append(SafeText(message)) }
        write(lines)
        report.close(keep: isReport)
    }

    private static func write(_ lines: [SafeText]) {
        let bytes = Array(lines.map { $0.description + "\n" }.joined().utf8)
        if !bytes.isEmpty { _ = Glibc.write(STDERR_FILENO, bytes, bytes.count) }
    }
}
