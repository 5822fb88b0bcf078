/// A small terminal for tests: it draws what it is sent, records everything it should not have been sent, and can use
/// other widths of characters than runtop does.
struct Emulator {
    /// The style of a place, as set by the select-graphic-rendition sequences before it.
    struct Look: Hashable {
        var foreground: Int?
        var background: Int?
        /// The numbers of the attributes: 1 bold, 2 dim, 3 italic, 4 underlined, 7 reversed.
        var attributes: Set<Int> = []
    }

    private(set) var rows: [[String]]
    private(set) var looks: [[Look]]
    private(set) var faults: [String] = []
    private(set) var cursorIsVisible = true
    /// The style of the next text.
    private(set) var look = Look()
    var cursor: (row: Int, column: Int) { (row, column) }
    private let columns: Int
    private let width: (Unicode.Scalar) -> Int
    /// The beginning of a sequence or a character whose end has not arrived yet.
    private var unfinished: [UInt8] = []
    private var row = 0
    private var column = 0

    init(rows: Int, columns: Int, width: @escaping (Unicode.Scalar) -> Int) {
        self.rows = Array(repeating: Array(repeating: " ", count: columns), count: rows)
        looks = Array(repeating: Array(repeating: Look(), count: columns), count: rows)
        self.columns = columns
        self.width = width
    }

    func text(row: Int) -> String { rows[row].joined() }

    mutating func feed(_ bytes: [UInt8]) {
        let all = unfinished + bytes
        let end = Self.endOfWhole(all)
        unfinished = Array(all[end...])
        var scalars = String(decoding: all[..<end], as: UTF8.self).unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            switch scalar.value {
            case 0x1B: escape(&scalars)
            case 0x0D: column = 0
            // SI, which vt100's descriptions have in `sgr0`.
            case 0x0F, 0x0A: break
            case 0x20...0x7E: draw(String(scalar), width: 1)
            case 0xA0...:
                if HostileBytes.isUnsafe(scalar) { fault(scalar) } else { draw(String(scalar), width: width(scalar)) }
            default: fault(scalar)
            }
        }
    }

    /// The end of the last sequence or character that is complete. A frame always ends in ASCII.
    private static func endOfWhole(_ bytes: [UInt8]) -> Int {
        let afterText = (bytes.lastIndex { $0 < 0x80 } ?? -1) + 1
        guard let escape = bytes.lastIndex(of: 0x1B) else { return afterText }
        let sequence = bytes[(escape + 1)...]
        let isWhole =
            switch sequence.first {
            case UInt8(ascii: "["): sequence.dropFirst().contains { (0x40...0x7E).contains($0) }
            case UInt8(ascii: "("), UInt8(ascii: ")"): sequence.count > 1
            default: !sequence.isEmpty
            }
        return isWhole ? afterText : escape
    }

    private mutating func fault(_ scalar: Unicode.Scalar) {
        faults.append("U+" + String(scalar.value, radix: 16, uppercase: true))
    }

    private mutating func draw(_ text: String, width: Int) {
        guard width > 0 else { return }
        guard column < columns, row < rows.count else {
            faults.append("drawn past the edge")
            return
        }
        rows[row][column] = text
        looks[row][column] = look
        if width == 2, column + 1 < columns {
            rows[row][column + 1] = ""
            looks[row][column + 1] = look
        }
        column += width
    }

    private mutating func escape(_ scalars: inout Substring.UnicodeScalarView) {
        guard let kind = scalars.popFirst() else { return faults.append("a lone ESC") }
        switch kind {
        case "[":
            var parameters = ""
            while let scalar = scalars.popFirst() {
                if (0x20...0x3F).contains(scalar.value) {
                    parameters.unicodeScalars.append(scalar)
                } else {
                    return control(scalar, parameters)
                }
            }
        case "(", ")": _ = scalars.popFirst()
        case "=", ">": break
        default: faults.append("ESC \(kind)")
        }
    }

    private mutating func control(_ final: Unicode.Scalar, _ parameters: String) {
        switch final {
        case "H":
            let place = parameters.split(separator: ";").compactMap { Int($0) }
            (row, column) = place.count == 2 ? (place[0] - 1, place[1] - 1) : (0, 0)
        case "J":
            // The cleared places take the background that is set.
            let blank = Look(background: look.background)
            for row in rows.indices {
                rows[row] = Array(repeating: " ", count: columns)
                looks[row] = Array(repeating: blank, count: columns)
            }
        case "m": selectLook(parameters)
        case "h" where parameters.hasPrefix("?") && Self.numbers(parameters).contains(25): cursorIsVisible = true
        case "l" where parameters.hasPrefix("?") && Self.numbers(parameters).contains(25): cursorIsVisible = false
        case "h", "l", "r", "c", "t", "K": break
        default: faults.append("CSI \(parameters)\(final)")
        }
    }

    private static func numbers(_ parameters: String) -> [Int] {
        parameters.drop { $0 == "?" }.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    }

    private mutating func selectLook(_ parameters: String) {
        var numbers = Self.numbers(parameters)[...]
        while let number = numbers.popFirst() {
            switch number {
            case 0: look = Look()
            case 1, 2, 3, 4, 7: look.attributes.insert(number)
            case 30...37: look.foreground = number - 30
            case 90...97: look.foreground = number - 90 + 8
            case 40...47: look.background = number - 40
            case 100...107: look.background = number - 100 + 8
            case 38, 48:
                guard numbers.popFirst() == 5, let color = numbers.popFirst() else {
                    return faults.append("SGR \(parameters)")
                }
                if number == 38 { look.foreground = color } else { look.background = color }
            default: faults.append("SGR \(parameters)")
            }
        }
    }
}
