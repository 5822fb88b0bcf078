import CSignals
import Glibc
import Screen

/// The signals of this process: a handler writes them to a pipe when they arrive, and other code reads them later.
///
/// The system may deliver a signal to any thread, and a signal mask applies to one thread only; a handler applies to
/// all. A dispatch source does not work here: libdispatch raises a signal again in the thread that first received it,
/// so a `^Z` could stop the process a second time after the `fg`.
struct SignalPipe {
    struct Signal: Hashable {
        let number: Int32
        /// Whether the terminal sent it. The terminal sends a signal to the whole process group.
        let isFromTerminal: Bool
    }

    private let pipe: PrivatePipe

    /// Handles signals, including those that the parent set to ignored, as `nohup` does with SIGHUP.
    init(_ numbers: [Int32]) throws(SupervisorError) {
        pipe = try PrivatePipe()
        for end in [pipe.readEnd, pipe.writeEnd] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        for number in numbers { write_signal_to(number, pipe.writeEnd) }
    }

    /// The read end of the pipe; readable when signals have arrived.
    var descriptor: Int32 { pipe.readEnd }

    /// Removes and returns the signals since the last call, oldest first.
    func readAll() -> [Signal] {
        var found: [Signal] = []
        var record = signal_record()
        let size = MemoryLayout<signal_record>.size
        while read(descriptor, &record, size) == size {
            found.append(Signal(number: Int32(record.signal), isFromTerminal: record.is_from_kernel != 0))
        }
        return found
    }
}

/// A pipe that no other program inherits.
struct PrivatePipe {
    let readEnd: Int32
    let writeEnd: Int32

    init() throws(SupervisorError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .cannotStart(SafeText(String(cString: strerror(errno)))) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }
}

/// Defers the signals that would end or stop this process while the terminal must be restored first.
///
/// Ignored signals, as under `nohup`, stay ignored. Release the signals before other code handles signals.
package struct HeldSignals {
    private static let numbers = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP]

    private let pipe: SignalPipe
    private let before: [(number: Int32, action: sigaction)]

    /// Starts to defer the signals; `nil` if the system cannot create a pipe.
    package init?() {
        let actions = Self.numbers.compactMap { number in
            var action = sigaction()
            guard sigaction(number, nil, &action) == 0, !Self.isIgnored(action) else {
                return nil as (Int32, sigaction)?
            }
            return (number, action)
        }
        guard let pipe = try? SignalPipe(actions.map(\.0)) else { return nil }
        (self.pipe, before) = (pipe, actions.map { (number: $0.0, action: $0.1) })
    }

    /// Waits until a descriptor is readable; returns the signal if one arrives first.
    package func wait(for descriptor: Int32) -> Int32? {
        while true {
            if let signal = pipe.readAll().first { return signal.number }
            var sources = [
                pollfd(fd: pipe.descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&sources, 2, -1) > 0 else { continue }
            if sources[0].revents == 0, sources[1].revents != 0 { return nil }
        }
    }

    /// Restores the earlier handlers; returns the signals that arrived and were not returned yet.
    package func release() -> [Int32] {
        for (number, action) in before {
            var action = action
            sigaction(number, &action, nil)
        }
        // The pipe stays open: a handler may still be running in another thread.
        return pipe.readAll().map(\.number)
    }

    /// Sends a signal to this process. The signal is handled before this function returns, if it returns.
    package static func raise(_ number: Int32) {
        var one = sigset_t()
        sigemptyset(&one)
        sigaddset(&one, number)
        // The runtime's crash reporter handles this signal, and the process continues.
        if number == SIGQUIT { signal(SIGQUIT, SIG_DFL) }
        // The threads of libdispatch block all signals.
        pthread_sigmask(SIG_UNBLOCK, &one, nil)
        Glibc.raise(number)
    }

    private static func isIgnored(_ action: sigaction) -> Bool {
        // Function pointers cannot be compared in Swift; SIG_IGN is the address 1.
        unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }
}
