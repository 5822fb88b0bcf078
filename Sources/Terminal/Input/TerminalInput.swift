import CNcurses
import Dispatch
import Glibc
import Screen

/// Reads keys when there are some, and notices when the terminal is gone. Nothing runs in between.
@MainActor
final class TerminalInput {
    enum Event {
        case key(Key)
        case hangUp
    }

    private let deliver: (Event) -> Void
    private let source: any DispatchSourceRead
    private var decoder = KeyDecoder()
    private var isSuspended = false

    init(deliver: @escaping (Event) -> Void) {
        self.deliver = deliver
        source = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO, queue: .main)
        source.setEventHandler { [weak self] in
            MainActor.assumeIsolated { self?.drain() }
        }
        source.activate()
    }

    func suspend() {
        guard !isSuspended else { return }
        isSuspended = true
        source.suspend()
    }

    func resume() {
        guard isSuspended else { return }
        isSuspended = false
        source.resume()
    }

    /// A dispatch source must not be released while suspended.
    func cancel() {
        source.cancel()
        resume()
    }

    /// Reads until nothing is left. After an ESC, ncurses itself waits ESCDELAY for the rest of a sequence, so an ESC
    /// that is the last thing read is the Escape key.
    private func drain() {
        var isEmpty = true
        var code: wint_t = 0
        while true {
            let kind = wget_wch(runtop_stdscr(), &code)
            guard kind != ERR else { break }
            isEmpty = false
            let input: KeyDecoder.Input = kind == KEY_CODE_YES ? .function(Int32(clamping: code)) : .scalar(code)
            if let key = decoder.decode(input) { deliver(.key(key)) }
        }
        if let key = decoder.endOfInput() { deliver(.key(key)) }
        if isEmpty, isHungUp() { deliver(.hangUp) }
    }

    /// ncurses says the same of an empty terminal and of one that is gone: this tells them apart. Gone is what hangs
    /// up, fails, or is readable with nothing to read.
    private func isHungUp() -> Bool {
        var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&input, 1, 0) > 0 else { return false }
        if Int32(input.revents) & (POLLHUP | POLLERR | Int32(POLLNVAL)) != 0 { return true }
        return runtop_bytes_waiting(STDIN_FILENO) <= 0
    }
}
