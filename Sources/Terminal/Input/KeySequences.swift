import CNcurses

/// Key sequences that terminals send whatever `TERM` says of them, made known to ncurses.
enum KeySequences {
    /// A sequence that terminfo gives a key we know keeps it; one it gives a key of its own making does not.
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
