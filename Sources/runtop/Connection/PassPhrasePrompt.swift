import Foundation
import Glibc
import Logs
import Screen
import Terminal

/// Prompts for a pass phrase on the terminal, without echo.
enum PassPhrasePrompt {
    /// The pass phrase; `nil` if there is no terminal, or nothing was typed.
    ///
    /// It always uses the controlling terminal. ^D cancels. ^C, ^Z and other signals that end or stop the program take
    /// effect after the echo is restored.
    static func ask(_ prompt: String) -> String? {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else { return nil }
        defer { close(terminal) }
        var saved = termios()
        // In the background the user cannot answer, and the prompt would stop this process.
        guard tcgetattr(terminal, &saved) == 0, tcgetpgrp(terminal) == getpgrp() else { return nil }
        var silent = saved
        // Without line mode and signals, ^C is read as a character, so that the echo can be restored first.
        silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        while true {
            guard let signals = HeldSignals() else { return nil }
            guard tcsetattr(terminal, TCSAFLUSH, &silent) == 0 else {
                _ = signals.release()
                return nil
            }
            writeAll(SafeText(prompt).plainText.utf8, to: terminal)
            var end = line(from: terminal, signals)
            tcsetattr(terminal, TCSAFLUSH, &saved)
            writeAll("\n".utf8, to: terminal)
            if let late = signals.release().first { end = .signal(late) }
            switch end {
            case .typed(let text): return text.isEmpty ? nil : text
            case .givenUp: return nil
            case .interrupted: Glibc.exit(128 + SIGINT)
            case .signal(SIGTSTP), .stopped: JobControl.stopThisProcess()
            case .signal(let number):
                // Sends the signal again; its handler is now the one from before the prompt.
                HeldSignals.raise(number)
                return nil
            }
        }
    }

    /// How a line ends.
    private enum Line {
        case typed(String)
        case givenUp
        case interrupted
        case stopped
        case signal(Int32)
    }

    private static func line(from terminal: Int32, _ signals: HeldSignals) -> Line {
        var typed: [UInt8] = []
        while true {
            if let number = signals.wait(for: terminal) { return .signal(number) }
            var byte: UInt8 = 0
            let count = read(terminal, &byte, 1)
            if count < 0 && errno == EINTR { continue }
            guard count == 1 else { return .givenUp }
            switch byte {
            case UInt8(ascii: "\r"), UInt8(ascii: "\n"):
                return .typed(String(decoding: typed, as: UTF8.self))
            case 0x03: return .interrupted
            case 0x04: return .givenUp
            case 0x1A: return .stopped
            case 0x15: typed = []
            case 0x08, 0x7F:
                // Removes a whole UTF-8 character.
                while let last = typed.popLast(), last & 0xC0 == 0x80 {}
            default: typed.append(byte)
            }
        }
    }
}
