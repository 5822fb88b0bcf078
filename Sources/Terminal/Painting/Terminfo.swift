import CNcurses
import Screen

/// The terminfo capabilities of the open terminal: the byte sequences that a ``FramePainter`` writes.
///
/// It omits delays (`$<5>`): no current terminal needs them, and on old ones flow control has the same effect.
@MainActor
struct Terminfo {
    let clear: [UInt8]
    let resetStyle: [UInt8]
    let bold: [UInt8]
    let dim: [UInt8]
    let underline: [UInt8]
    let reverse: [UInt8]
    let italic: [UInt8]
    let showCursor: [UInt8]
    let hideCursor: [UInt8]
    let beginBracketedPaste: [UInt8]
    let endBracketedPaste: [UInt8]
    let colors: Int
    /// Attributes that cannot be used together with colours.
    let notWithColor: Style.Attributes
    /// Whether the last cell of the last line can be written without scrolling the screen.
    let canFillLastPlace: Bool

    private let cursorAddress: String
    private let setForeground: String?
    private let setBackground: String?

    /// Reads the terminal that `newterm` or `setupterm` has made current; `nil` if runtop cannot draw on it.
    init?() {
        guard let cursorAddress = Self.string("cup"), let clear = Self.string("clear") else { return nil }
        self.cursorAddress = cursorAddress
        self.clear = Self.bytes(of: clear)
        let attribute = { (name: String) in Self.string(name).map(Self.bytes) ?? [] }
        resetStyle = attribute("sgr0")
        bold = attribute("bold")
        dim = attribute("dim")
        underline = attribute("smul")
        reverse = attribute("rev")
        italic = attribute("sitm")
        showCursor = attribute("cnorm")
        hideCursor = attribute("civis")
        beginBracketedPaste = attribute("BE")
        endBracketedPaste = attribute("BD")
        setForeground = Self.string("setaf")
        setBackground = Self.string("setab")
        colors = setForeground == nil || setBackground == nil ? 0 : max(0, Int(tigetnum("colors")))
        notWithColor = Self.attributes(ncv: max(0, tigetnum("ncv")))
        canFillLastPlace = tigetflag("am") <= 0 || tigetflag("xenl") > 0
    }

    /// The bytes that move the cursor to a position.
    func move(to position: Position) -> [UInt8] {
        Self.fill(cursorAddress, Int32(clamping: position.row), Int32(clamping: position.column))
    }

    func foreground(_ number: UInt8) -> [UInt8] {
        setForeground.map { Self.fill($0, Int32(number), 0) } ?? []
    }

    func background(_ number: UInt8) -> [UInt8] {
        setBackground.map { Self.fill($0, Int32(number), 0) } ?? []
    }

    private static func fill(_ capability: String, _ first: Int32, _ second: Int32) -> [UInt8] {
        guard let filled = runtop_tiparm(capability, first, second) else { return [] }
        return bytes(of: String(cString: filled))
    }

    private static func string(_ name: String) -> String? {
        // tigetstr returns -1 for an unknown name, and null for a capability that this terminal does not have.
        guard let value = tigetstr(name), Int(bitPattern: value) != -1 else { return nil }
        return String(cString: value)
    }

    /// The capability without its delays.
    private static func bytes(of capability: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(capability.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "$"), rest.first == UInt8(ascii: "<"),
                let end = rest.firstIndex(of: UInt8(ascii: ">"))
            {
                rest = rest[(end + 1)...]
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }

    /// The bits of `no_color_video`, in the order of `set_attributes` (terminfo(5)).
    private static func attributes(ncv: Int32) -> Style.Attributes {
        let bits: [(Int32, Style.Attributes)] = [(2, .underline), (4, .reverse), (16, .dim), (32, .bold)]
        return bits.reduce(into: []) { if ncv & $1.0 != 0 { $0.insert($1.1) } }
    }
}
