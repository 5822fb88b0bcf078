import CSignals
import Dispatch
import Glibc

/// The signals a program with a screen must answer, as calls on the main actor.
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
    /// What came and is not delivered yet: each signal once, since a second one of a kind adds nothing.
    private var waiting: [Int32] = []

    /// - Parameter notes: of the signals of ``numbers``.
    init(_ notes: SignalNotes, deliver: @escaping (Signal) -> Void) {
        self.notes = notes
        self.deliver = deliver
        // For a program that hangs: the kernel ends it at once, and the supervisor restores the terminal. (Swift's
        // runtime would take it for a crash, report it, and continue.)
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

    /// The process was stopped and runs again: other signals that asked for that, and the one that ended it, are dropped.
    func wasStopped() {
        collect()
        waiting.removeAll { $0 == SIGTSTP || $0 == SIGCONT }
    }

    /// A crash signal sent by `kill` ends the process too, after the runtime has reported it. The supervisor hears of
    /// the crash before the report is written.
    static func dieOfCrashSignals() {
        if let supervisor = Supervisor.lifeline { announce_crashes(supervisor.announcements) }
        for signal in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE] { die_after_report(signal) }
    }

    /// From now on each signal does what it does to any program.
    func cancel() {
        source.cancel()
        for number in Self.numbers { signal(number, SIG_DFL) }
    }
}
