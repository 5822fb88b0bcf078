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
    }

    private var sources: [any DispatchSourceSignal] = []

    init(deliver: @escaping (Signal) -> Void) {
        let answers: [(Int32, Signal)] = [
            (SIGINT, .interrupt(SIGINT)), (SIGTERM, .interrupt(SIGTERM)),
            (SIGHUP, .hangUp), (SIGWINCH, .windowChanged), (SIGTSTP, .stop), (SIGCONT, .continued),
        ]
        // The way out of a program that hangs: the kernel ends it at once, and the supervisor tidies up. (Swift's
        // runtime would take it for a crash, report it, and go on.)
        signal(SIGQUIT, SIG_DFL)
        for (number, answer) in answers {
            let source = DispatchSource.makeSignalSource(signal: number, queue: .main)
            source.setEventHandler { MainActor.assumeIsolated { deliver(answer) } }
            source.activate()
            sources.append(source)
        }
    }

    /// A crash signal sent by `kill` ends the process too, after the runtime has reported it.
    static func dieOfCrashSignals() {
        for signal in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE] { die_after_report(signal) }
    }

    func cancel() {
        for source in sources { source.cancel() }
    }
}
