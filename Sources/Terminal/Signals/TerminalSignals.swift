import CSignals
import Dispatch
import Glibc

/// Delivers the signals of a full-screen program as calls on the main actor.
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
    private let pipe: SignalPipe
    private let source: any DispatchSourceRead
    /// The signals that are not delivered yet, each once, because a repeated signal has no further effect.
    private var pending: [Int32] = []

    /// - Parameter pipe: the pipe for the signals of ``numbers``.
    init(_ pipe: SignalPipe, deliver: @escaping (Signal) -> Void) {
        self.pipe = pipe
        self.deliver = deliver
        // SIGQUIT is for a program that hangs: the kernel ends it at once, and the supervisor restores the terminal.
        // (Swift's runtime would report a crash and continue.)
        signal(SIGQUIT, SIG_DFL)
        source = DispatchSource.makeReadSource(fileDescriptor: pipe.descriptor, queue: .main)
        source.setEventHandler { [weak self] in
            MainActor.assumeIsolated { self?.drain() }
        }
        source.activate()
    }

    private func drain() {
        collect()
        while !pending.isEmpty {
            if let signal = Signal(pending.removeFirst()) { deliver(signal) }
            collect()
        }
    }

    private func collect() {
        for signal in pipe.readAll() where !pending.contains(signal.number) { pending.append(signal.number) }
    }

    /// Discards further stop signals and the signal that continued the process. Call it after a stop.
    func discardStopSignals() {
        collect()
        pending.removeAll { $0 == SIGTSTP || $0 == SIGCONT }
    }

    /// Makes a crash signal sent by `kill` end the process too, after the runtime has reported it. The supervisor is
    /// notified of the crash before the report is written.
    static func endProcessOnCrashSignals() {
        if let link = Supervisor.link { announce_crashes_to(link.childPipe) }
        for signal in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE] { end_process_after_report(signal) }
    }

    /// Restores the default effect of each signal.
    func cancel() {
        source.cancel()
        for number in Self.numbers { signal(number, SIG_DFL) }
    }
}

/// Stops this process as a job of the shell, as `^Z` does.
package enum JobControl {
    /// Stops the whole process as an unhandled `^Z` would, and returns when it is continued. If no shell can
    /// continue it (an orphaned process group, as under `tmux new runtop`), the kernel does not stop it.
    ///
    /// It stops once. A `^Z` that is pending for another thread is dropped first (ignoring a signal discards pending
    /// ones: POSIX, sigaction); otherwise it would stop the process a second time after the `fg`.
    package static func stopThisProcess() {
        var handler = sigaction()
        var action = sigaction()
        action.__sigaction_handler.sa_handler = SIG_IGN
        sigaction(SIGTSTP, &action, &handler)
        action.__sigaction_handler.sa_handler = SIG_DFL
        sigaction(SIGTSTP, &action, nil)
        var stop = sigset_t()
        var before = sigset_t()
        sigemptyset(&stop)
        sigaddset(&stop, SIGTSTP)
        pthread_sigmask(SIG_UNBLOCK, &stop, &before)
        raise(SIGTSTP)
        pthread_sigmask(SIG_SETMASK, &before, nil)
        sigaction(SIGTSTP, &handler, nil)
    }

    /// Stops the whole process because another process of its group has stopped. Returns when it is continued, or at once if
    /// no shell can continue it.
    ///
    /// It uses SIGSTOP, so that the handler of `^Z` stays installed. Without that handler, a `^Z` right after the `fg` would
    /// stop this process before the dashboard has restored the terminal.
    static func stopWithChild() {
        let parent = getppid()
        // The condition for an orphaned process group (POSIX, 3.264), checked for this process only.
        guard getsid(parent) == getsid(0), getpgid(parent) != getpgrp() else { return }
        raise(SIGSTOP)
    }
}
