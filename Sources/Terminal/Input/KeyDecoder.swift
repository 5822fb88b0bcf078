import CNcurses
import Screen

/// Converts the input from ncurses to keys.
///
/// ncurses recognises the sequences in terminfo. This type adds Alt, an ESC before the key, and pastes, whose text must
/// never act as keys. It drops unknown sequences, because their letters must not act as keys either.
struct KeyDecoder {
    /// One result of `wget_wch`.
    enum Input: Hashable {
        case scalar(UInt32)
        case function(Int32)
    }

    /// Our own codes for the start and end of a paste, above ncurses' KEY_MAX.
    static let pasteBegin: Int32 = 0x800
    static let pasteEnd: Int32 = 0x801
    /// The most scalars kept of a paste. No input line accepts more.
    static let longestPaste = 65_536

    private enum State {
        case ground
        case escape
        /// Inside a sequence that terminfo does not know.
        case sequence(introducer: Character, isEmpty: Bool)
        case paste(String.UnicodeScalarView)
    }

    private var state = State.ground

    /// Handles one input. Returns the key that it completes.
    mutating func decode(_ input: Input) -> Key? {
        switch state {
        case .paste(let text): continuePaste(text, with: input)
        case .sequence: continueSequence(with: input)
        case .escape: continueEscape(with: input)
        case .ground: begin(with: input)
        }
    }

    /// Whether a paste has started and its end mark has not arrived.
    var isInPaste: Bool { if case .paste = state { true } else { false } }

    /// Ends a paste whose end mark was lost; otherwise all later keys would become part of it.
    mutating func endPaste() -> Key? {
        guard case .paste(let text) = state else { return nil }
        state = .ground
        return .paste(String(text))
    }

    /// Handles a pause in the input: an ESC alone is the Escape key. A paste continues, because it may arrive in parts.
    mutating func endOfInput() -> Key? {
        defer { if case .paste = state {} else { state = .ground } }
        switch state {
        case .escape: return .escape
        case .sequence(let introducer, isEmpty: true): return .alt(introducer)
        default: return nil
        }
    }

    private mutating func begin(with input: Input) -> Key? {
        switch input {
        case .scalar(27):
            state = .escape
            return nil
        case .function(Self.pasteBegin):
            state = .paste(String.UnicodeScalarView())
            return nil
        case .function(let code):
            return Self.functionKey(code)
        case .scalar(let value):
            return Self.key(of: value)
        }
    }

    private mutating func continueEscape(with input: Input) -> Key? {
        state = .ground
        switch input {
        case .scalar(27):
            state = .escape
            return .escape
        case .scalar(UInt32(UInt8(ascii: "["))):
            state = .sequence(introducer: "[", isEmpty: true)
            return nil
        case .scalar(UInt32(UInt8(ascii: "O"))):
            state = .sequence(introducer: "O", isEmpty: true)
            return nil
        case .scalar(let value):
            guard case .character(let character) = Self.key(of: value) else { return nil }
            return .alt(character)
        case .function:
            return begin(with: input)
        }
    }

    private mutating func continueSequence(with input: Input) -> Key? {
        guard case .scalar(let value) = input, case .sequence(let introducer, _) = state else {
            state = .ground
            return begin(with: input)
        }
        // ECMA-48: parameter and intermediate bytes, then one final byte.
        state = (0x20...0x3F).contains(value) ? .sequence(introducer: introducer, isEmpty: false) : .ground
        return nil
    }

    private mutating func continuePaste(_ text: String.UnicodeScalarView, with input: Input) -> Key? {
        var text = text
        switch input {
        case .function(Self.pasteEnd):
            state = .ground
            return .paste(String(text))
        case .scalar(let value):
            if let scalar = Unicode.Scalar(value), text.count < Self.longestPaste { text.append(scalar) }
        case .function:
            break
        }
        state = .paste(text)
        return nil
    }

    private static func key(of value: UInt32) -> Key? {
        switch value {
        case 8, 127: return .backspace
        case 9: return .tab
        case 10, 13: return .enter
        case 0...31:
            // A control character is its letter without bit 64; letters are named in lower case.
            guard let letter = Unicode.Scalar(value | 0x40) else { return nil }
            return .control(Character(String(letter).lowercased()))
        default:
            guard let scalar = Unicode.Scalar(value), scalar.properties.generalCategory != .control else { return nil }
            return .character(Character(scalar))
        }
    }

    private static func functionKey(_ code: Int32) -> Key? {
        switch code {
        case KEY_UP: .up
        case KEY_DOWN: .down
        case KEY_LEFT: .left
        case KEY_RIGHT: .right
        case KEY_HOME, KEY_A1: .home
        case KEY_END, KEY_C1, KEY_LL: .end
        case KEY_PPAGE, KEY_A3: .pageUp
        case KEY_NPAGE, KEY_C3: .pageDown
        case KEY_ENTER: .enter
        case KEY_BTAB: .backTab
        case KEY_BACKSPACE: .backspace
        case KEY_IC: .insert
        case KEY_DC: .delete
        case (KEY_F0 + 1)...(KEY_F0 + 24): .function(Int(code - KEY_F0))
        default: nil
        }
    }
}
