import Foundation
import Terminal

#if canImport(Glibc)
    import Glibc
#endif

/// Asks for a pass phrase on the terminal, without echo.
enum PassPhrasePrompt {
    /// What was typed; `nil` when there is no terminal to ask on, or nothing was typed.
    ///
    /// The terminal itself is asked, whatever standard input and output are. ^D gives up; ^C ends the program, and ^Z
    /// stops it, with the echo back in both.
    static func ask(_ prompt: String) -> String? {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else { return nil }
        defer { close(terminal) }
        var saved = termios()
        // In the background nobody can answer, and trying would stop us.
        guard tcgetattr(terminal, &saved) == 0, tcgetpgrp(terminal) == getpgrp() else { return nil }
        var silent = saved
        // By characters, so that a ^C is read rather than sent: the echo must come back first.
        silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        while true {
            guard tcsetattr(terminal, TCSAFLUSH, &silent) == 0 else { return nil }
            tell(prompt, terminal)
            let end = line(from: terminal)
            tcsetattr(terminal, TCSAFLUSH, &saved)
            tell("\n", terminal)
            switch end {
            case .typed(let text): return text.isEmpty ? nil : text
            case .givenUp: return nil
            case .interrupted: Glibc.exit(128 + SIGINT)
            case .stopped: ProcessStop.stopThisProcess()
            }
        }
    }

    /// How a line ends.
    private enum Line {
        case typed(String)
        case givenUp
        case interrupted
        case stopped
    }

    private static func line(from terminal: Int32) -> Line {
        var typed: [UInt8] = []
        while true {
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
                // A whole character, of however many bytes.
                while let last = typed.popLast(), last & 0xC0 == 0x80 {}
            default: typed.append(byte)
            }
        }
    }

    private static func tell(_ text: String, _ terminal: Int32) {
        // What a file is called may not speak to the terminal.
        let bytes = text.utf8.map { byte in
            byte == UInt8(ascii: "\n") || (0x20..<0x7F).contains(byte) ? byte : UInt8(ascii: "?")
        }
        _ = bytes.withUnsafeBytes { write(terminal, $0.baseAddress, $0.count) }
    }
}
