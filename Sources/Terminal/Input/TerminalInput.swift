import CNcurses
import Dispatch
import Foundation
import Glibc
import Screen

/// Reads keys when input arrives, and detects that the terminal is gone. It uses no CPU time between inputs.
///
/// A paste ends with its end mark. If the mark is lost, for example because an ssh connection broke, the paste ends after
/// two seconds without input.
@MainActor
final class TerminalInput {
    private let deliver: (TerminalEvent) -> Void
    private let source: any DispatchSourceRead
    private var decoder = KeyDecoder()
    /// The task that ends a paste whose end mark does not arrive.
    private var pasteTimeout: Task<Void, Never>?
    /// Longer than the pauses of a slow connection within a paste.
    private static let longestPasteGap = Duration.seconds(2)

    /// - Parameter deliver: called with keys and hang-ups, on the main actor.
    init(deliver: @escaping (TerminalEvent) -> Void) {
        self.deliver = deliver
        source = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO, queue: .main)
        source.setEventHandler { [weak self] in
            MainActor.assumeIsolated { self?.drain() }
        }
        source.activate()
    }

    func cancel() {
        pasteTimeout?.cancel()
        source.cancel()
    }

    /// Reads all available input. After an ESC, ncurses itself waits ESCDELAY for the rest of a sequence, so an ESC at the
    /// end of the input is the Escape key.
    private func drain() {
        let now = Date()
        var isEmpty = true
        var code: wint_t = 0
        while true {
            let kind = wget_wch(runtop_stdscr(), &code)
            guard kind != ERR else { break }
            isEmpty = false
            let input: KeyDecoder.Input = kind == KEY_CODE_YES ? .function(Int32(clamping: code)) : .scalar(code)
            if let key = decoder.decode(input) { deliver(.key(key, at: now)) }
        }
        if let key = decoder.endOfInput() { deliver(.key(key, at: now)) }
        waitForPaste()
        if isEmpty, isHungUp() { deliver(.hangUp) }
    }

    /// Ends a paste if no input arrives for ``longestPasteGap``.
    private func waitForPaste() {
        pasteTimeout?.cancel()
        pasteTimeout = nil
        guard decoder.isInPaste else { return }
        pasteTimeout = Task { [weak self] in
            try? await Task.sleep(for: Self.longestPasteGap)
            guard !Task.isCancelled, let self, let key = decoder.endPaste() else { return }
            deliver(.key(key, at: Date()))
        }
    }

    /// Whether the terminal is gone, which ncurses does not distinguish from no input. It is gone if `poll` reports a
    /// hang-up, an error, or input that does not exist.
    private func isHungUp() -> Bool {
        var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&input, 1, 0) > 0 else { return false }
        if Int32(input.revents) & (POLLHUP | POLLERR | Int32(POLLNVAL)) != 0 { return true }
        return runtop_bytes_waiting(STDIN_FILENO) <= 0
    }
}

/// Key sequences that terminals send even if terminfo does not contain them.
enum KeySequences {
    /// Defines them in ncurses, except sequences that terminfo assigns to one of ncurses' own keys.
    @MainActor static func define() {
        for (sequence, code) in all where !(1...KEY_MAX ~= key_defined(sequence)) {
            define_key(sequence, code)
        }
    }

    private static let all: [(String, Int32)] = [
        ("\u{1B}[200~", KeyDecoder.pasteBegin), ("\u{1B}[201~", KeyDecoder.pasteEnd),
        ("\u{1B}[A", KEY_UP), ("\u{1B}[B", KEY_DOWN), ("\u{1B}[C", KEY_RIGHT), ("\u{1B}[D", KEY_LEFT),
        ("\u{1B}OA", KEY_UP), ("\u{1B}OB", KEY_DOWN), ("\u{1B}OC", KEY_RIGHT), ("\u{1B}OD", KEY_LEFT),
        ("\u{1B}[H", KEY_HOME), ("\u{1B}[F", KEY_END), ("\u{1B}OH", KEY_HOME), ("\u{1B}OF", KEY_END),
        ("\u{1B}[1~", KEY_HOME), ("\u{1B}[4~", KEY_END), ("\u{1B}[7~", KEY_HOME), ("\u{1B}[8~", KEY_END),
        ("\u{1B}[5~", KEY_PPAGE), ("\u{1B}[6~", KEY_NPAGE), ("\u{1B}[2~", KEY_IC), ("\u{1B}[3~", KEY_DC),
        ("\u{1B}[Z", KEY_BTAB), ("\u{1B}OM", KEY_ENTER),
    ]
}
