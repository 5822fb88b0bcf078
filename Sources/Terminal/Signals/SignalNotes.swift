import CSignals
import Glibc

/// The signals of this process, written to a pipe when they arrive and read later.
///
/// The system may deliver a signal to any thread, and a signal mask applies to one thread only; a handler applies to all.
/// A dispatch source does not work here: libdispatch raises a signal again in the thread that first received it, so a `^Z`
/// could stop the process a second time after the `fg`.
struct SignalNotes {
    struct Signal: Hashable {
        let number: Int32
        /// Whether the terminal sent it; the whole process group then has it too.
        let isFromTerminal: Bool
    }

    private let pipe: PrivatePipe

    /// Handles signals, including those that the parent set to be ignored, as `nohup` does with SIGHUP.
    init(_ numbers: [Int32]) throws(SupervisorError) {
        pipe = try PrivatePipe()
        for end in [pipe.readEnd, pipe.writeEnd] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        for number in numbers { note_signals(number, pipe.writeEnd) }
    }

    /// Readable when signals have arrived.
    var descriptor: Int32 { pipe.readEnd }

    /// Removes and returns the signals that arrived since the last call, oldest first.
    func take() -> [Signal] {
        var found: [Signal] = []
        var note = signal_note()
        let size = MemoryLayout<signal_note>.size
        while read(descriptor, &note, size) == size {
            found.append(Signal(number: Int32(note.signal), isFromTerminal: note.is_from_kernel != 0))
        }
        return found
    }
}
