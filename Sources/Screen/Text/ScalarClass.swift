/// What the filter does with a scalar, decided by its Unicode properties alone.
enum ScalarClass {
    /// Drawn as it is, in one or two columns.
    case base
    /// Drawn over the base before it: a nonspacing or enclosing mark, or a Hangul vowel or final.
    case mark
    /// One half of a flag.
    case regionalIndicator
    /// A skin tone.
    case emojiModifier
    /// U+200D, which joins emoji into one picture.
    case zeroWidthJoiner
    /// U+FE0E or U+FE0F, which ask for an emoji to be drawn as text or as a picture.
    case presentationSelector
    /// Never drawn as it is: it would control the terminal, reorder text, be invisible, or have no agreed meaning.
    case unsafe

    init(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0xAC, 0xAE...0x2FF: self = .base
        case 0x00...0x1F, 0x7F...0x9F, 0xAD: self = .unsafe
        case 0x200D: self = .zeroWidthJoiner
        case 0xFE0E, 0xFE0F: self = .presentationSelector
        case 0x1F1E6...0x1F1FF: self = .regionalIndicator
        case 0x1F3FB...0x1F3FF: self = .emojiModifier
        case 0x1161...0x11FF, 0xD7B0...0xD7C6, 0xD7CB...0xD7FB: self = .mark
        default: self.init(properties: scalar.properties)
        }
    }

    private init(properties: Unicode.Scalar.Properties) {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
            self = .unsafe
        case .nonspacingMark, .enclosingMark:
            self = properties.isDefaultIgnorableCodePoint ? .unsafe : .mark
        default:
            self = properties.isDefaultIgnorableCodePoint ? .unsafe : .base
        }
    }
}

extension Unicode.Scalar {
    /// The columns this scalar takes as the base of a cluster. A regional indicator takes one: Unicode calls it wide
    /// since 16.0, but it only comes in pairs, and a flag has two columns everywhere.
    var columns: Int { EastAsianWidth.isWide(self) && !(0x1F1E6...0x1F1FF ~= value) ? 2 : 1 }

    /// Whether this is an emoji, leaving out the ASCII digits, `#` and `*`, which Unicode counts in.
    var isPictograph: Bool { value > 0x7F && properties.isEmoji }

    /// Whether this is of a script written from right to left. By block (Unicode's roadmap reserves these for such
    /// scripts), since the standard library has no Bidi_Class.
    var isRightToLeft: Bool {
        switch value {
        case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
        default: false
        }
    }

    /// Whether a Hangul vowel or final may follow: a leading consonant or a whole syllable.
    var isHangulBase: Bool { (0x1100...0x115E).contains(value) || (0xAC00...0xD7A3).contains(value) }
}
