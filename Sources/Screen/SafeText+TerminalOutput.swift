extension SafeText {
    /// The lines of a program's terminal output: like ``lines(of:tabWidth:)``, but it removes colours, and applies cursor
    /// movements, carriage returns and overstriking.
    ///
    /// The logs of shell scripts and progress bars contain many of these. As visible escapes they would hide the message:
    /// `\u{1B}[31merror:\u{1B}[0m no space` becomes `error: no space`, and `10%\r100%\u{1B}[K` becomes `100%`. Only known
    /// sequences are applied, and only within their line. Unfinished sequences and all other control characters become
    /// visible.
    package static func lines(ofTerminalOutput output: String) -> [SafeText] {
        guard output.utf8.contains(where: TerminalLine.isApplied) else { return lines(of: output) }
        var readable = ""
        var isFirst = true
        for whole in output.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
            if !isFirst { readable.append("\n") }
            isFirst = false
            let line = whole.last == "\r" ? whole.dropLast() : whole
            if Substring(line).utf8.contains(where: TerminalLine.isApplied) {
                var terminal = TerminalLine()
                terminal.run(line)
                readable += terminal.text
            } else {
                // `unicodeScalars.append(contentsOf:)` copies all that is there.
                readable.append(contentsOf: Substring(line))
            }
        }
        return lines(of: readable)
    }
}

/// One line of a simulated terminal, on which the output is drawn.
struct TerminalLine {
    /// The text of a column: a character with its marks; empty in the right half of a wide character.
    private typealias Place = String

    /// The farthest column to which a sequence can move the cursor. Few terminals are wider, and the spaces cost memory.
    static let lastColumn = 255

    private var places: [Place] = []
    private var column = 0
    /// Whether a backspace moved the cursor here: then the next character is drawn over the one in this column.
    private var strikesOver = false

    /// Whether this byte changes how the line is drawn: ESC, CR or BS.
    static func isApplied(_ byte: UInt8) -> Bool { byte == 0x1B || byte == 0x0D || byte == 0x08 }

    /// The text of the line after all output was drawn.
    var text: String { places.joined() }

    /// Draws a line of output.
    mutating func run(_ output: Substring.UnicodeScalarView) {
        var rest = output
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\u{1B}":
                if let sequence = ControlSequence(&rest) { apply(sequence, before: &rest) } else { write(scalar) }
            case "\r": move(to: 0)
            case "\u{08}":
                move(to: column - 1)
                strikesOver = true
            case "\t":
                let stop = column / 8 * 8 + 8
                if column >= places.count { while column < stop { put(" ", width: 1) } } else { move(to: stop) }
            default: write(scalar)
            }
        }
    }

    private mutating func move(to column: Int) {
        self.column = min(max(column, 0), max(places.count, Self.lastColumn))
        strikesOver = false
    }

    private mutating func apply(_ sequence: ControlSequence, before rest: inout Substring.UnicodeScalarView) {
        guard case .control(let parameters, let final) = sequence else { return }
        let count = Int(parameters.prefix { $0 != ";" }) ?? 0
        switch final {
        case "C": move(to: column + min(max(count, 1), Self.lastColumn))
        case "D": move(to: column - min(max(count, 1), Self.lastColumn))
        case "G": move(to: max(count, 1) - 1)
        case "K": erase(count)
        case "J" where count == 0: erase(0)
        case "m":
            // The SI in the reset sequence of the terminals of GNU screen and of the VT100 (`\e[m\u{0F}`).
            if rest.first == "\u{0F}" { rest.removeFirst() }
        default: break
        }
    }

    /// Erases the line from the cursor to the end, or as a whole.
    private mutating func erase(_ part: Int) {
        switch part {
        case 0:
            places.removeSubrange(min(column, places.count)...)
        case 2:
            places.removeAll()
            move(to: column)
        default: break
        }
    }

    private mutating func write(_ scalar: Unicode.Scalar) {
        defer { strikesOver = false }
        let scalarClass = ScalarClass(scalar)
        guard scalarClass == .base || scalarClass == .regionalIndicator else { return attach(scalar) }
        // A letter and an underscore in the same column, in either order, are an underlined letter.
        if strikesOver, scalar == "_", column < places.count, places[column] != " " {
            column += 1
        } else {
            put(String(scalar), width: scalar.columns)
        }
    }

    /// Appends a zero-width scalar to the previous character.
    private mutating func attach(_ scalar: Unicode.Scalar) {
        guard column > 0, column <= places.count else { return put(String(scalar), width: 1) }
        let isRightHalf = places[column - 1].isEmpty && column > 1
        places[column - (isRightHalf ? 2 : 1)].unicodeScalars.append(scalar)
    }

    /// Draws a character at the cursor. A wide character that it half covers becomes a space.
    private mutating func put(_ place: Place, width: Int) {
        while places.count < column { places.append(" ") }
        let end = column + width
        if column > 0, column < places.count, places[column].isEmpty { places[column - 1] = " " }
        if end < places.count, places[end].isEmpty { places[end] = " " }
        for (column, place) in zip(column..., width == 2 ? [place, ""] : [place]) {
            if column < places.count { places[column] = place } else { places.append(place) }
        }
        column = end
    }
}

/// A control sequence of a terminal (ECMA-48), without its leading ESC.
enum ControlSequence: Equatable {
    /// `CSI`: colours, cursor movements, erasing.
    case control(parameters: String, final: Unicode.Scalar)
    /// A character set, a title, a link or another sequence that draws nothing.
    case other

    /// Removes a complete sequence from the start of `rest`. `nil` if `rest` does not start with a known sequence; `rest` is
    /// then unchanged.
    init?(_ rest: inout Substring.UnicodeScalarView) {
        var ahead = rest
        guard let introducer = ahead.popFirst() else { return nil }
        switch introducer {
        case "[":
            let parameters = ahead.popPrefix { 0x30...0x3F ~= $0.value }
            _ = ahead.popPrefix { 0x20...0x2F ~= $0.value }
            guard let final = ahead.popFirst(), 0x40...0x7E ~= final.value else { return nil }
            self = .control(parameters: parameters, final: final)
        case "]", "P", "X", "^", "_":
            // A string, up to BEL or ST.
            _ = ahead.popPrefix { $0 != "\u{07}" && $0 != "\u{1B}" }
            guard let end = ahead.popFirst() else { return nil }
            if end == "\u{1B}" { guard ahead.popFirst() == "\\" else { return nil } }
            self = .other
        case "(", ")", "*", "+", "%", "#":
            // A character set.
            guard let set = ahead.popFirst(), 0x30...0x7E ~= set.value else { return nil }
            self = .other
        case "7", "8", "=", ">":
            // Saving and restoring the cursor, and the keypad mode.
            self = .other
        default: return nil
        }
        rest = ahead
    }
}

extension Substring.UnicodeScalarView {
    /// Removes and returns the leading scalars for which `belongs` is true.
    fileprivate mutating func popPrefix(while belongs: (Unicode.Scalar) -> Bool) -> String {
        let taken = prefix(while: belongs)
        self = self[taken.endIndex...]
        return String(Substring(taken))
    }
}
