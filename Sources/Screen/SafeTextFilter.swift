/// The only place where untrusted text becomes safe text.
///
/// Characters that control the terminal (C0, DEL, C1), reorder text (Bidi_Control), are invisible (default-ignorables, Cf)
/// or have no agreed meaning (private use, noncharacters, unassigned) become visible as `<U+202E>`. Only the characters that
/// join emoji or select their form are removed.
///
/// **Emoji sequences.** Terminals do not agree on the width of an emoji ZWJ sequence, so a sequence is drawn as its parts,
/// whose widths all terminals know:
/// - a ZWJ between two emoji, and a VS15 or VS16 after an emoji, are removed; each part has its own presentation and its own
///   number of columns;
/// - a flag is drawn as its two regional indicators, one column each: two columns in all, whether or not the terminal joins
///   them. A half flag becomes visible as an escape, because its width differs;
/// - a skin tone becomes visible as an escape, because some terminals join it to the emoji before it and others do not;
/// - a keycap is its digit with a mark over it, one column, because no terminal widens it without VS16.
struct SafeTextFilter {
    /// The most marks on a base; further ones become visible, because many marks would cover the rows above and below.
    static let mostMarks = 4

    private(set) var text = ""
    private(set) var width = 0
    private(set) var escapes: [Range<Int>] = []

    /// The base that a mark or a selector would join; `nil` at the start and after an escape, so that no mark can change the
    /// text before its field, or an escape.
    private var base: Unicode.Scalar?
    private var marks = 0
    private var selectors = 0
    private var followsEmoji = false
    private var isRightToLeft = false
    private var endsInSpace = false

    /// Filters all of `untrusted`.
    mutating func run(_ untrusted: some StringProtocol, tabWidth: Int? = nil) {
        var scalars = untrusted.unicodeScalars.makeIterator()
        var next = scalars.next()
        while let scalar = next {
            next = scalars.next()
            if scalar == "\t", let tabWidth {
                expandTab(tabWidth)
            } else if accept(scalar, before: next) {
                next = scalars.next()
            }
        }
        endRightToLeft()
    }

    /// Filters one scalar. Returns whether it also consumed the next one.
    private mutating func accept(_ scalar: Unicode.Scalar, before next: Unicode.Scalar?) -> Bool {
        switch ScalarClass(scalar) {
        case .base:
            append(scalar)
        case .mark:
            appendMark(scalar)
        case .regionalIndicator:
            guard let next, ScalarClass(next) == .regionalIndicator else {
                appendEscape(scalar)
                break
            }
            append(scalar)
            append(next)
            return true
        case .emojiModifier:
            let joined = followsEmoji
            appendEscape(scalar)
            followsEmoji = joined
        case .zeroWidthJoiner:
            if !(followsEmoji && next?.isPictograph == true) { appendEscape(scalar) }
        case .presentationSelector:
            let isKeycap = next == "\u{20E3}" && base.map(Self.isKeycapBase) == true
            if selectors == 0, marks == 0, isKeycap || base?.isPictograph == true {
                selectors = 1
            } else {
                appendEscape(scalar)
            }
        case .unsafe:
            appendEscape(scalar)
        }
        return false
    }

    private static func isKeycapBase(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && scalar.properties.isEmoji
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        if scalar.isRightToLeft {
            beginRightToLeft()
        } else if scalar != " " {
            endRightToLeft()
        } else {
            isRightToLeft = false
        }
        text.unicodeScalars.append(scalar)
        width += scalar.columns
        base = scalar
        marks = 0
        selectors = 0
        followsEmoji = scalar.isPictograph
        endsInSpace = scalar == " "
    }

    private mutating func appendMark(_ scalar: Unicode.Scalar) {
        let isHangul = (0x1161...0x11FF).contains(scalar.value) || (0xD7B0...0xD7FB).contains(scalar.value)
        guard let base, marks < Self.mostMarks, !isHangul || base.isHangulBase else {
            appendEscape(scalar)
            return
        }
        text.unicodeScalars.append(scalar)
        marks += 1
        endsInSpace = false
    }

    private mutating func appendEscape(_ scalar: Unicode.Scalar) {
        endRightToLeft()
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let escape = "<U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ">"
        let start = escapes.last?.upperBound == width ? escapes.removeLast().lowerBound : width
        text += escape
        width += escape.utf8.count
        escapes.append(start..<width)
        base = nil
        followsEmoji = false
        endsInSpace = false
    }

    private mutating func expandTab(_ tabWidth: Int) {
        let step = max(1, min(tabWidth, 64))
        for _ in 0..<(step - width % step) { append(" ") }
    }

    /// Adds a space before right-to-left letters. A terminal that reorders them also moves the text next to them; a space on
    /// both sides prevents that.
    private mutating func beginRightToLeft() {
        if !isRightToLeft, !endsInSpace { appendSpace() }
        isRightToLeft = true
    }

    private mutating func endRightToLeft() {
        if isRightToLeft { appendSpace() }
        isRightToLeft = false
    }

    private mutating func appendSpace() {
        text += " "
        width += 1
        base = " "
        marks = 0
        endsInSpace = true
    }
}
