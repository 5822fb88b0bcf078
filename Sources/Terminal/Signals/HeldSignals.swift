import Glibc

/// Holds back the signals that would end or stop this process while the terminal is in a state that must be restored
/// first.
///
/// A signal that the process ignores, as under `nohup`, stays ignored. Release them before other code handles signals.
public struct HeldSignals {
    private static let numbers = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP]

    private let notes: SignalNotes
    private let before: [(number: Int32, action: sigaction)]

    /// Holds the signals from now on; `nil` when the system cannot make a pipe.
    public init?() {
        let actions = Self.numbers.compactMap { number in
            var action = sigaction()
            guard sigaction(number, nil, &action) == 0, !Self.isIgnored(action) else {
                return nil as (Int32, sigaction)?
            }
            return (number, action)
        }
        guard let notes = try? SignalNotes(actions.map(\.0)) else { return nil }
        (self.notes, before) = (notes, actions.map { (number: $0.0, action: $0.1) })
    }

    /// Waits until a descriptor is readable; returns the signal if one arrived first.
    public func wait(for descriptor: Int32) -> Int32? {
        while true {
            if let signal = notes.take().first { return signal.number }
            var sources = [
                pollfd(fd: notes.descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&sources, 2, -1) > 0 else { continue }
            if sources[0].revents == 0, sources[1].revents != 0 { return nil }
        }
    }

    /// Restores the earlier handlers; returns the signals that arrived and were not returned yet.
    public func release() -> [Int32] {
        for (number, action) in before {
            var action = action
            sigaction(number, &action, nil)
        }
        // The pipe stays open: a handler may still be running in another thread.
        return notes.take().map(\.number)
    }

    /// Sends this process a signal, which is handled before this returns, if it returns.
    public static func raise(_ number: Int32) {
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
