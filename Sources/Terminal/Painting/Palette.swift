import Screen

/// A style as a terminal with so many colours can show it: the theme's colour, or the nearest it has.
struct ShownStyle: Hashable {
    var foreground: UInt8?
    var background: UInt8?
    var attributes: Style.Attributes

    init(_ style: Style, colorCount: Int) {
        attributes = style.attributes
        foreground = Self.number(of: style.foreground, colorCount: colorCount)
        background = Self.number(of: style.background, colorCount: colorCount)
        guard colorCount == 8 else { return }
        // Eight colours have no bright ones; bold makes a foreground bright on such terminals.
        if let number = foreground, number >= 8 {
            foreground = number - 8
            attributes.insert(.bold)
        }
        if background == ANSIColor.brightBlack.rawValue {
            // Without a dark grey the nearest background is black and cannot be seen: reverse stands out instead.
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
