import CSignals
import Dispatch
import Glibc

/// Delivers the signals that a full-screen program must handle as calls on the main actor.
@MainActor
final class TerminalSignals {
    enum Signal {
        case interrupt(Int32)
        case hangUp
        case windowChanged
        case stop
        case continued

        fileprivate init?(_ number: Int32) {
            switch number {
            case SIGINT, SIGTERM: self = .interrupt(number)
            case SIGHUP: self = .hangUp
            case SIGWINCH: self = .windowChanged
            case SIGTSTP: self = .stop
            case SIGCONT: self = .continued
            default: return nil
            }
        }
    }

    static let numbers = [SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT]

    private let deliver: (Signal) -> Void
    private let notes: SignalNotes
    private let source: any DispatchSourceRead
    /// The signals that are not delivered yet. Each is stored once, since a repeated signal has no further effect.
    private var waiting: [Int32] = []

    /// - Parameter notes: the pipe for the signals of ``numbers``.
    init(_ notes: SignalNotes, deliver: @escaping (Signal) -> Void) {
        self.notes = notes
        self.deliver = deliver
        // For a program that hangs: the kernel ends it at once, and the supervisor restores the terminal. (Swift's
        // runtime would report it as a crash and continue.)
        signal(SIGQUIT, SIG_DFL)
        source = DispatchSource.makeReadSource(fileDescriptor: notes.descriptor, queue: .main)
        source.setEventHandler { [weak self] in
            MainActor.assumeIsolated { self?.drain() }
        }
        source.activate()
    }

    private func drain() {
        collect()
        while !waiting.isEmpty {
            if let signal = Signal(waiting.removeFirst()) { deliver(signal) }
            collect()
        }
    }

    private func collect() {
        for signal in notes.take() where !waiting.contains(signal.number) { waiting.append(signal.number) }
    }

    /// Called when the process continues after a stop: drops further stop signals and the signal that continued it.
    func wasStopped() {
        collect()
        waiting.removeAll { $0 == SIGTSTP || $0 == SIGCONT }
    }

    /// A crash signal sent by `kill` ends the process too, after the runtime has reported it. The supervisor is
    /// notified of the crash before the report is written.
    static func dieOfCrashSignals() {
        if let supervisor = Supervisor.lifeline { announce_crashes(supervisor.announcements) }
        for signal in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE] { die_after_report(signal) }
    }

    /// Restores the default effect of each signal.
    func cancel() {
        source.cancel()
        for number in Self.numbers { signal(number, SIG_DFL) }
    }
}
