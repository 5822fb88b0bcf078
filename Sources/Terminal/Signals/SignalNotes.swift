import CSignals
import Glibc

/// The signals of this process, noted in a pipe as they come and read later.
///
/// A signal may come to any thread, and a mask is one thread's; a handler is set for all of them at once. A dispatch
/// source is not: libdispatch raises a signal again in the thread it first came to, so that a `^Z` could come back after
/// the `fg` and stop the process a second time.
struct SignalNotes {
    struct Signal: Hashable {
        let number: Int32
        /// Whether the terminal sent it, and so to the whole process group.
        let isFromTerminal: Bool
    }

    private let pipe: PrivatePipe

    /// Takes signals over, also those a shell left ignored, as `nohup` does with SIGHUP.
    init(_ numbers: [Int32]) throws(SupervisorError) {
        pipe = try PrivatePipe()
        for end in [pipe.readEnd, pipe.writeEnd] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        for number in numbers { note_signals(number, pipe.writeEnd) }
    }

    /// Readable when there are notes.
    var descriptor: Int32 { pipe.readEnd }

    /// The notes since the last time, oldest first.
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
