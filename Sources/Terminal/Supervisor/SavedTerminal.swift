import Glibc

/// The state of the terminal before the dashboard started, to be restored however the dashboard ends.
struct SavedTerminal {
    /// Resets everything that the dashboard or its crash may have changed, for every `TERM`: bracketed paste, mouse and
    /// focus reports, keypad and cursor key modes, the scrolling region, colours, character sets, the hidden cursor, the
    /// alternate screen. Without an alternate screen, the cursor stays on the last line.
    static let reset =
        "\u{1B}[?2004l\u{1B}[?1000l\u{1B}[?1002l\u{1B}[?1003l\u{1B}[?1004l\u{1B}[?1006l\u{1B}[?1l\u{1B}>"
        + "\u{1B}[r\u{1B}[0m\u{1B}(B\u{0F}\u{1B}[?25h\u{1B}[999;1H\u{1B}[?1049l\r\u{1B}[K"

    private let descriptor: Int32
    private let modes: termios

    /// Reads the modes of the terminal of `descriptor`; `nil` if it is not a terminal.
    init?(descriptor: Int32) {
        var modes = termios()
        guard tcgetattr(descriptor, &modes) == 0 else { return nil }
        self.descriptor = descriptor
        self.modes = modes
    }

    /// Restores the terminal if its modes have changed. A dashboard that ends normally restores the modes last, so nothing
    /// is left to do.
    func restore() {
        var current = termios()
        guard tcgetattr(descriptor, &current) == 0, !Self.areEqual(current, modes) else { return }
        var saved = modes
        dropTyping()
        tcsetattr(descriptor, TCSANOW, &saved)
        let bytes = Array(Self.reset.utf8)
        _ = write(descriptor, bytes, bytes.count)
    }

    /// Drops unread input, which the user typed for the dashboard and not for the shell.
    func dropTyping() { tcflush(descriptor, TCIFLUSH) }

    private static func areEqual(_ left: termios, _ right: termios) -> Bool {
        withUnsafeBytes(of: left.c_cc) { leftKeys in
            withUnsafeBytes(of: right.c_cc) { leftKeys.elementsEqual($0) }
        } && left.c_iflag == right.c_iflag && left.c_oflag == right.c_oflag && left.c_cflag == right.c_cflag
            && left.c_lflag == right.c_lflag
    }
}
