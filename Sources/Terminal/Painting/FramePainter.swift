import Screen

/// Converts a canvas to the bytes that change the screen from the previous canvas to this one. It draws only changed cells,
/// and writes a frame at once, so the screen neither flickers nor tears.
///
/// It does not use the `refresh` of curses, which relies on the C library's width of every character and moves the cursor
/// relative to that. No table of widths is right for every terminal, and a wrong width would shift the rest of the row. Here
/// an absolute move follows every non-ASCII cell, so a wrong width affects only that cell.
@MainActor
struct FramePainter {
    private let terminfo: Terminfo
    private let capabilities: Capabilities

    /// The canvas on the screen; `nil` if unknown.
    private var shown: Canvas?
    private var frame: [UInt8] = []
    /// The position of the terminal's cursor; `nil` after a cell that the terminal may draw with another width.
    private var position: Position?
    /// The style in which the terminal draws the next byte. A frame starts and ends plain.
    private var style: ShownStyle
    private let plain: ShownStyle
    private var cursorIsVisible = false

    init(terminfo: Terminfo, capabilities: Capabilities) {
        self.terminfo = terminfo
        self.capabilities = capabilities
        plain = ShownStyle(.plain, colorCount: capabilities.colorCount)
        style = plain
    }

    /// Makes the next frame draw everything, because the content of the screen is unknown.
    mutating func invalidate() {
        shown = nil
    }

    /// The bytes that make the screen show `canvas`.
    mutating func frame(showing canvas: Canvas) -> [UInt8] {
        frame.removeAll(keepingCapacity: true)
        position = nil
        let before = shown?.size == canvas.size ? shown : nil
        if before == nil { clear() }
        let old = before ?? Canvas(size: canvas.size)
        for row in 0..<canvas.size.rows where canvas[row: row] != old[row: row] {
            paint(row, of: canvas, over: old)
        }
        apply(plain)
        placeCursor(canvas.cursor)
        shown = canvas
        return frame
    }

    private mutating func clear() {
        frame += terminfo.resetStyle
        frame += terminfo.clear
        frame += terminfo.hideCursor
        cursorIsVisible = false
    }

    private mutating func placeCursor(_ cursor: Position?) {
        if let cursor {
            frame += terminfo.move(to: cursor)
            if !cursorIsVisible { frame += terminfo.showCursor }
        } else if cursorIsVisible {
            frame += terminfo.hideCursor
        }
        cursorIsVisible = cursor != nil
    }

    private mutating func paint(_ row: Int, of canvas: Canvas, over old: Canvas) {
        let cells = canvas[row: row]
        let oldCells = old[row: row]
        // A terminal that draws a cell wider than expected overwrites the next cell, so that one is drawn again.
        var overlapped = false
        for (column, (cell, oldCell)) in zip(cells, oldCells).enumerated() where cell.width != .rightHalf {
            guard overlapped || cell != oldCell else { continue }
            overlapped = cell.ascii == nil && capabilities.isUTF8
            if row == canvas.size.rows - 1, column == canvas.size.columns - 1, !terminfo.canFillLastPlace { continue }
            paint(cell, at: Position(row: row, column: column), columns: canvas.size.columns)
        }
    }

    private mutating func paint(_ cell: Cell, at place: Position, columns: Int) {
        if position != place { frame += terminfo.move(to: place) }
        apply(ShownStyle(cell.style, colorCount: capabilities.colorCount))
        let end = place.column + (cell.width == .wide ? 2 : 1)
        if let ascii = cell.ascii {
            frame.append(ascii)
        } else if !capabilities.isUTF8 {
            frame.append(contentsOf: Self.standIn(for: cell))
        } else {
            if Self.mayLeaveGaps(cell) {
                frame.append(contentsOf: cell.width == .wide ? [0x20, 0x20] : [0x20])
                frame += terminfo.move(to: place)
            }
            frame.append(contentsOf: cell.text.utf8)
        }
        // After the last column, some terminals have wrapped and some have not.
        let isCertain = (cell.ascii != nil || !capabilities.isUTF8) && end < columns
        position = isCertain ? Position(row: place.row, column: end) : nil
    }

    /// The replacement for a cluster if only ASCII can be shown: `$` for the "…" of a cut text, as in nano and Emacs.
    private static func standIn(for cell: Cell) -> [UInt8] {
        if cell.text == "…" { return [UInt8(ascii: "$")] }
        return Array(repeating: UInt8(ascii: "?"), count: cell.width == .wide ? 2 : 1)
    }

    /// Whether a terminal may draw the cell narrower than expected, so that part of the old cell remains. Letters of
    /// European scripts, lines, blocks and arrows have one column in every terminal.
    private static func mayLeaveGaps(_ cell: Cell) -> Bool {
        let scalars = cell.text.unicodeScalars
        guard let first = scalars.first, scalars.count == 1, cell.width == .single else { return true }
        return !(0xA0...0x2FF ~= first.value || 0x2010...0x2027 ~= first.value || 0x2190...0x25FF ~= first.value)
    }

    private mutating func apply(_ wanted: ShownStyle) {
        if style == wanted { return }
        if style != plain { frame += terminfo.resetStyle }
        let hasColor = wanted.foreground != nil || wanted.background != nil
        let attributes = hasColor ? wanted.attributes.subtracting(terminfo.notWithColor) : wanted.attributes
        if attributes.contains(.bold) { frame += terminfo.bold }
        if attributes.contains(.dim) { frame += terminfo.dim }
        if attributes.contains(.underline) { frame += terminfo.underline }
        if attributes.contains(.italic) { frame += terminfo.italic }
        if attributes.contains(.reverse) { frame += terminfo.reverse }
        if let foreground = wanted.foreground { frame += terminfo.foreground(foreground) }
        if let background = wanted.background { frame += terminfo.background(background) }
        style = wanted
    }
}

/// A style on a terminal with `colorCount` colours: in the theme's colours, or in the nearest available ones.
struct ShownStyle: Hashable {
    var foreground: UInt8?
    var background: UInt8?
    var attributes: Style.Attributes

    init(_ style: Style, colorCount: Int) {
        attributes = style.attributes
        foreground = Self.number(of: style.foreground, colorCount: colorCount)
        background = Self.number(of: style.background, colorCount: colorCount)
        guard colorCount == 8 else { return }
        // Terminals with eight colours have no bright ones; bold makes a foreground bright there.
        if let number = foreground, number >= 8 {
            foreground = number - 8
            attributes.insert(.bold)
        }
        if background == ANSIColor.brightBlack.rawValue {
            // There is no dark grey, and black, the nearest colour, would be invisible as a background: use reverse.
            background = nil
            attributes.formSymmetricDifference(.reverse)
        } else if let number = background, number >= 8 {
            background = number - 8
        }
    }

    private static func number(of color: Color, colorCount: Int) -> UInt8? {
        guard colorCount >= 8 else { return nil }
        switch color {
        case .terminalDefault: return nil
        case .ansi(let color): return color.rawValue
        case .palette(let number, let nearest): return colorCount >= 256 ? number : nearest.rawValue
        }
    }
}
