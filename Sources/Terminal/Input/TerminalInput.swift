import CNcurses
import Dispatch
import Glibc
import Screen

/// Reads keys when there are some, and notices when the terminal is gone. Nothing runs in between.
///
/// A paste ends with its mark. Where that was lost (an ssh connection that broke in the middle), it ends when nothing
/// has come for two seconds.
@MainActor
final class TerminalInput {
    enum Event {
        case key(Key)
        case hangUp
    }

    private let deliver: (Event) -> Void
    private let source: any DispatchSourceRead
    private var decoder = KeyDecoder()
    /// Waits for the rest of a paste.
    private var pasteTimeout: Task<Void, Never>?
    /// Longer than a slow connection pauses within a paste.
    private static let longestPasteGap = Duration.seconds(2)
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
        pasteTimeout?.cancel()
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
        waitForPaste()
        if isEmpty, isHungUp() { deliver(.hangUp) }
    }

    /// Ends a paste when nothing comes for a while.
    private func waitForPaste() {
        pasteTimeout?.cancel()
        pasteTimeout = nil
        guard decoder.isInPaste else { return }
        pasteTimeout = Task { [weak self] in
            try? await Task.sleep(for: Self.longestPasteGap)
            guard !Task.isCancelled, let self, let key = decoder.endPaste() else { return }
            deliver(.key(key))
        }
    }

    /// ncurses returns the same for a terminal without input and for one that is gone. It is gone when it hangs up,
    /// fails, or is readable with nothing to read.
    private func isHungUp() -> Bool {
        var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&input, 1, 0) > 0 else { return false }
        if Int32(input.revents) & (POLLHUP | POLLERR | Int32(POLLNVAL)) != 0 { return true }
        return runtop_bytes_waiting(STDIN_FILENO) <= 0
    }
}
