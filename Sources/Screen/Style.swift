/// The eight ANSI colours and their bright forms, with their numbers in terminals.
package enum ANSIColor: UInt8, Sendable, Hashable {
    case black, red, green, yellow, blue, magenta, cyan, white
    case brightBlack, brightRed, brightGreen, brightYellow, brightBlue, brightMagenta, brightCyan, brightWhite
}

/// A colour of a theme.
package enum Color: Sendable, Hashable {
    /// The terminal's default colour.
    case terminalDefault
    case ansi(ANSIColor)
    /// One of the 256 colours of xterm's palette, and the nearest colour for terminals with only 16 or 8.
    case palette(UInt8, nearest: ANSIColor)
}

/// How a cell looks.
package struct Style: Sendable, Hashable {
    package struct Attributes: OptionSet, Sendable, Hashable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let bold = Attributes(rawValue: 1 << 0)
        package static let dim = Attributes(rawValue: 1 << 1)
        package static let underline = Attributes(rawValue: 1 << 2)
        package static let reverse = Attributes(rawValue: 1 << 3)
        package static let italic = Attributes(rawValue: 1 << 4)
    }

    package var foreground: Color
    package var background: Color
    package var attributes: Attributes

    package init(
        foreground: Color = .terminalDefault, background: Color = .terminalDefault, attributes: Attributes = []
    ) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    /// The terminal's own colours and no attributes.
    package static let plain = Style()

    /// The style with foreground and background exchanged: toggles ``Attributes/reverse``.
    package var reversed: Style {
        Style(
            foreground: foreground, background: background,
            attributes: attributes.symmetricDifference(.reverse))
    }
}
