import CNcurses
import Dispatch
import Foundation
import Glibc
import Screen

/// Reads keys when input arrives, and detects that the terminal is gone. Between inputs it uses no time.
///
/// A paste ends with its end mark. If the mark is lost (an ssh connection broke in the middle), the paste ends when no
/// input has arrived for two seconds.
@MainActor
final class TerminalInput {
    private let deliver: (TerminalEvent) -> Void
    private let source: any DispatchSourceRead
    private var decoder = KeyDecoder()
    /// Ends a paste whose end mark does not arrive.
    private var pasteTimeout: Task<Void, Never>?
    /// Longer than a slow connection pauses within a paste.
    private static let longestPasteGap = Duration.seconds(2)

    /// - Parameter deliver: is called with keys and hang-ups, on the main actor.
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

    /// Reads all input there is. After an ESC, ncurses itself waits ESCDELAY for the rest of a sequence, so an ESC at
    /// the end of the input is the Escape key.
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

    /// Whether the terminal is gone, for which ncurses returns the same as for no input. It is gone if `poll` reports a
    /// hang-up or an error, or reports input when there is none.
    private func isHungUp() -> Bool {
        var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&input, 1, 0) > 0 else { return false }
        if Int32(input.revents) & (POLLHUP | POLLERR | Int32(POLLNVAL)) != 0 { return true }
        return runtop_bytes_waiting(STDIN_FILENO) <= 0
    }
}

/// Key sequences that terminals send even if terminfo does not have them.
enum KeySequences {
    /// Defines them in ncurses. A sequence that terminfo has defined as one of ncurses' own keys keeps that key.
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
