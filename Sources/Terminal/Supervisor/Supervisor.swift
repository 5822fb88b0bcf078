import Foundation
import Glibc
import Screen

/// The parent process of the dashboard: starts it, waits for it to end, and restores the terminal however it ended.
///
/// A handler inside the process cannot do that after a crash, a trap or SIGKILL; another process can, and tests cover each
/// case. The supervisor also configures the Swift runtime's crash reporter, which reads its settings when a process starts,
/// and by default takes over the terminal and waits for a key.
package enum Supervisor {
    /// How long the dashboard may take to end after a signal.
    private static let longestExit = Duration.seconds(2)
    /// How long to wait for a stopped dashboard to continue. The `fg` of a shell continues both processes. If only this
    /// process was continued, it continues the dashboard after this time. An immediate signal could arrive after the next
    /// `^Z` and undo it.
    private static let longestContinue = Duration.milliseconds(100)

    /// Whether this process is the dashboard, started by ``run(arguments:environment:stateFolder:)``.
    package static var isSupervised: Bool {
        link != nil
    }

    /// Runs this same program with the same arguments as a supervised child, and waits for it to end.
    ///
    /// - Parameters:
    ///   - arguments: all arguments, starting with the program's name.
    ///   - environment: the environment of the child; the marker and the crash reporter's settings are added to it.
    ///   - stateFolder: the folder for data kept between starts; its folder `crashes` has the crash reports.
    /// - Returns: the status to exit with.
    package static func run(
        arguments: [String], environment: [String: String], stateFolder: String
    ) throws(SupervisorError) -> Int32 {
        let terminal = SavedTerminal(descriptor: STDIN_FILENO)
        let report = try CrashReport(stateFolder: stateFolder, environment: environment, now: Date())
        CoreDump.forbid()
        // If this process crashes, the dashboard notices and restores the terminal. The runtime's reporter would draw over
        // the screen and wait for a key.
        for signal in ChildEnd.crashes { Glibc.signal(signal, SIG_DFL) }
        let end: ChildEnd
        var isCrashAnnounced = false
        var groups = ProgramGroups()
        do {
            let (parentPipe, childPipe) = (try PrivatePipe(), try PrivatePipe())
            var events = try SupervisorEvents(terminal: STDIN_FILENO, childPipe: childPipe.readEnd)
            let child = try ChildProcess(
                arguments: arguments,
                environment: childEnvironment(
                    environment, parentPipe: parentPipe.readEnd, childPipe: childPipe.writeEnd),
                inherited: [
                    (report.descriptor, STDERR_FILENO), (parentPipe.readEnd, parentPipe.readEnd),
                    (childPipe.writeEnd, childPipe.writeEnd),
                ])
            // From here on this process only waits.
            ProgramPages.release()
            end = wait(for: child, events: &events, groups: &groups) { signal in
                terminal?.restore()
                write([SafeText(ChildEnd.crashMessage(signal: signal, report: report.path))])
                isCrashAnnounced = true
            }
        } catch {
            report.close(keep: false)
            throw error
        }
        // They may still have the terminal.
        groups.end()
        terminal?.restore()
        if isCrashAnnounced { terminal?.dropTyping() }
        finish(report, of: end, isCrashAnnounced: isCrashAnnounced)
        return end.exitStatus
    }

    /// The connection of this process to its supervisor; `nil` if it has none.
    static var link: SupervisorLink? {
        SupervisorLink(environmentValue: getenv(SupervisorLink.variable).map { String(cString: $0) }, parent: getppid())
    }

    /// The child's environment. The runtime's crash reporter must not use the terminal, nor print registers, because it also
    /// prints the memory at their addresses, which may contain a key. The operator's other settings stay.
    static func childEnvironment(
        _ environment: [String: String], parentPipe: Int32, childPipe: Int32
    ) -> [String: String] {
        let name = "SWIFT_BACKTRACE"
        let ours = "enable=yes,interactive=no,color=no,registers=none,sanitize=yes,output-to=stderr"
        let settings = [environment[name] ?? "", ours].filter { !$0.isEmpty }.joined(separator: ",")
        return environment.merging([
            SupervisorLink.variable: SupervisorLink.environmentValue(
                parent: getpid(), parentPipe: parentPipe, childPipe: childPipe),
            name: settings,
            // The C library keeps separate memory for each thread. Few threads of the dashboard allocate much.
            "MALLOC_ARENA_MAX": environment["MALLOC_ARENA_MAX"] ?? "1",
        ]) { _, ours in ours }
    }

    /// Waits for the child to end.
    ///
    /// - Parameters:
    ///   - groups: gets the process groups that the child has started and not ended.
    ///   - crashed: called at once when the child crashes. The child ends seconds later, after the report is written.
    private static func wait(
        for child: ChildProcess, events: inout SupervisorEvents, groups: inout ProgramGroups,
        crashed: (_ signal: Int32) -> Void
    ) -> ChildEnd {
        var leaving: (signal: Int32, deadline: ContinuousClock.Instant)?
        var (isKilled, hasCrashed) = (false, false)
        var continueBy: ContinuousClock.Instant?
        while true {
            switch child.poll() {
            case .ended(let end):
                for report in events.reports() { groups.note(report) }
                if isKilled, let leaving { return .killed(after: leaving.signal) }
                return end
            case .stopped:
                JobControl.stopWithChild()
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
            let new = events.next(timeout: deadline.map(milliseconds) ?? -1)
            for report in new.reports {
                groups.note(report)
                // Other threads may crash as well while the report is written.
                if case .crashed(let signal) = report, !hasCrashed {
                    hasCrashed = true
                    crashed(signal)
                }
            }
            var toForward = new.signals.filter(mustForward).map(\.number)
            if new.hasHungUp { toForward.append(SIGHUP) }
            for signal in toForward {
                child.send(signal)
                if [SIGHUP, SIGTERM].contains(signal), leaving == nil { leaving = (signal, .now + longestExit) }
            }
        }
    }

    /// Whether the child needs the signal. The terminal sends its signals to the child as well, except possibly a hang-up.
    private static func mustForward(_ signal: SignalPipe.Signal) -> Bool {
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

    /// Prints how the child ended, and its output on standard error while it owned the screen. A crash report stays in its
    /// file.
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
        let bytes = Array(lines.map { $0.plainText + "\n" }.joined().utf8)
        if !bytes.isEmpty { _ = Glibc.write(STDERR_FILENO, bytes, bytes.count) }
    }
}

/// The events that the supervisor handles: signals, a hang-up of the terminal, and the child's reports.
struct SupervisorEvents {
    private let signals: SignalPipe
    /// The terminal, watched only for a hang-up; -1 after that, which `poll` ignores.
    private var terminal: Int32
    /// The pipe of the child's reports, and the beginning of one that was read.
    private let childPipe: Int32
    private var unread: [UInt8] = []

    /// The events of one wait; empty after the deadline.
    struct Batch {
        var signals: [SignalPipe.Signal]
        /// Whether the terminal has just hung up.
        var hasHungUp: Bool
        /// What the child has reported.
        var reports: [ChildReport]
    }

    /// Starts handling the signals of this process.
    init(terminal: Int32, childPipe: Int32) throws(SupervisorError) {
        (self.terminal, self.childPipe) = (terminal, childPipe)
        _ = fcntl(childPipe, F_SETFL, O_NONBLOCK)
        signals = try SignalPipe([SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGCHLD, SIGTSTP, SIGCONT])
        // Setting the modes of a terminal from the background would stop this process.
        signal(SIGTTOU, SIG_IGN)
    }

    /// Waits at most `milliseconds` for the next events; -1 means without a deadline.
    mutating func next(timeout milliseconds: Int32) -> Batch {
        var sources = [
            pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: terminal, events: 0, revents: 0),
            pollfd(fd: childPipe, events: Int16(POLLIN), revents: 0),
        ]
        poll(&sources, nfds_t(sources.count), milliseconds)
        let hasHungUp = terminal >= 0 && Int32(sources[1].revents) & (POLLHUP | POLLERR | Int32(POLLNVAL)) != 0
        if hasHungUp { terminal = -1 }
        return Batch(signals: signals.readAll(), hasHungUp: hasHungUp, reports: reports())
    }

    /// What the child has told since the last call.
    mutating func reports() -> [ChildReport] {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(childPipe, &buffer, buffer.count)
            guard count > 0 else { break }
            unread += buffer[..<count]
        }
        return ChildReport.take(from: &unread)
    }
}

/// Why the dashboard's process could not be started.
package enum SupervisorError: Error, Sendable, Hashable, CustomStringConvertible {
    case noReportFolder
    case noReport(SafeText, SafeText)
    case cannotStart(SafeText)

    package var description: String {
        switch self {
        case .noReportFolder:
            "there is no private folder for crash reports; set HOME, XDG_STATE_HOME or TMPDIR to one you can write to"
        case .noReport(let path, let reason):
            "the crash report \(path.plainText) cannot be opened (\(reason.plainText)); make room there, "
                + "or set XDG_STATE_HOME"
        case .cannotStart(let reason):
            "the dashboard's process cannot be started (\(reason.plainText)); try again when the machine has room"
        }
    }
}
