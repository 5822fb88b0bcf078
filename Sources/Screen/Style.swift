/// The eight ANSI colours and their bright forms, by the numbers terminals give them.
public enum ANSIColor: UInt8, Sendable, Hashable {
    case black, red, green, yellow, blue, magenta, cyan, white
    case brightBlack, brightRed, brightGreen, brightYellow, brightBlue, brightMagenta, brightCyan, brightWhite
}

/// A colour as a theme names it.
public enum Color: Sendable, Hashable {
    /// The colour that the terminal is set to.
    case terminalDefault
    case ansi(ANSIColor)
    /// One of the 256 colours of xterm's palette, and the nearest colour for terminals with only 16 or 8.
    case palette(UInt8, nearest: ANSIColor)
}

/// How a cell looks.
public struct Style: Sendable, Hashable {
    public struct Attributes: OptionSet, Sendable, Hashable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        public static let bold = Attributes(rawValue: 1 << 0)
        public static let dim = Attributes(rawValue: 1 << 1)
        public static let underline = Attributes(rawValue: 1 << 2)
        public static let reverse = Attributes(rawValue: 1 << 3)
        public static let italic = Attributes(rawValue: 1 << 4)
    }

    public var foreground: Color
    public var background: Color
    public var attributes: Attributes

    public init(
        foreground: Color = .terminalDefault, background: Color = .terminalDefault, attributes: Attributes = []
    ) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    /// The terminal's own colours and no attributes.
    public static let plain = Style()

    /// The same with foreground and background exchanged: with ``Attributes/reverse``, or without it if it was set.
    public var reversed: Style {
        Style(
            foreground: foreground, background: background,
            attributes: attributes.symmetricDifference(.reverse))
    }
}
