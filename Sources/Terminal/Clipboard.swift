/// The clipboard of the terminal the operator sits at, through any number of ssh and tmux sessions (OSC 52).
enum Clipboard {
    /// What terminals take differs (tmux: 1 MiB); a longer text is refused rather than cut unnoticed.
    static let mostBytes = 1 << 20

    /// The bytes that copy `text`; nothing where it is too long. Base64 is all that ever goes inside.
    ///
    /// tmux takes the plain sequence with `set-clipboard on`, and passes a wrapped one on with `allow-passthrough on`;
    /// it gets both. GNU screen does not know OSC 52 and gets it wrapped, in pieces.
    static func sequence(copying text: String, environment: [String: String]) -> [UInt8]? {
        let bytes = Array(text.utf8)
        guard bytes.count <= mostBytes else { return nil }
        let plain = Array("\u{1B}]52;c;".utf8) + base64(bytes) + [0x07]
        if isInsideTmux(environment) { return plain + passedThroughTmux(plain) }
        return environment["STY"] == nil ? plain : passedThroughScreen(plain)
    }

    /// Whether the terminal is one of tmux's.
    static func isInsideTmux(_ environment: [String: String]) -> Bool {
        !environment["TMUX", default: ""].isEmpty
    }

    /// tmux passes on what a DCS of its own holds, where every ESC is doubled.
    private static func passedThroughTmux(_ sequence: [UInt8]) -> [UInt8] {
        Array("\u{1B}Ptmux;".utf8) + sequence.flatMap { $0 == 0x1B ? [0x1B, 0x1B] : [$0] } + [0x1B, UInt8(ascii: "\\")]
    }

    /// GNU screen passes on what a DCS holds, at most 768 bytes of it at once.
    private static func passedThroughScreen(_ sequence: [UInt8]) -> [UInt8] {
        stride(from: 0, to: sequence.count, by: 512).flatMap { start in
            [0x1B, UInt8(ascii: "P")] + sequence[start..<min(start + 512, sequence.count)]
                + [0x1B, UInt8(ascii: "\\")]
        }
    }

    /// RFC 4648, section 4.
    static func base64(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var encoded: [UInt8] = []
        encoded.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = (0..<3).reduce(0) { $0 << 8 | Int($1 < group.count ? group[start + $1] : 0) }
            for index in 0..<4 {
                let isPadding = index > group.count
                encoded.append(isPadding ? UInt8(ascii: "=") : alphabet[bits >> (18 - 6 * index) & 63])
            }
        }
        return encoded
    }
}
