import Runs
import Screen

/// The meaning of a colour. Every cell has a role, and a theme gives each role a style.
enum Role: Hashable, Sendable {
    case text
    /// Less important text: units, labels, ages.
    case quiet
    case title
    case columnTitle
    case status(RunStatus)
    case broken
    case late
    case running
    case healthy
    /// A row whose last refresh failed.
    case stale
    case banner
    case notice
    case key
    case prompt
    case match
    case currentMatch
    case frame
}

/// How the dashboard looks on this terminal.
package struct Appearance: Hashable, Sendable {
    var theme: Theme
    var glyphs: Glyphs

    package init(theme: Theme, glyphs: Glyphs) {
        self.theme = theme
        self.glyphs = glyphs
    }

    /// Whether the strip of a job's runs uses bars: they need colour to distinguish the statuses.
    var showsBars: Bool { theme.hasColor && glyphs == .utf8 }

    func styled(_ text: SafeText, _ role: Role) -> Span { (text, theme.style(role)) }
}

/// A style for each role.
package struct Theme: Sendable, Hashable {
    /// The name of the theme in settings.
    let name: Name
    /// Whether the theme has colours: without them the strip shows glyphs instead of bars.
    let hasColor: Bool
    private let styles: [Role: Style]
    private let selection: Selection

    /// The available themes.
    package enum Name: String, Sendable, Hashable, CaseIterable {
        case dark
        case light
        case highContrast = "high-contrast"
        case colorBlind = "color-blind"
        case mono
    }

    /// How the selected row is highlighted.
    enum Selection: Hashable, Sendable {
        case reversed
        case background(Color)
    }

    init(name: Name, hasColor: Bool, selection: Selection, styles: [Role: Style]) {
        self.name = name
        self.hasColor = hasColor
        self.selection = selection
        self.styles = styles
    }

    /// The style of a role. An unknown status looks like a missing one.
    func style(_ role: Role) -> Style {
        if let style = styles[role] { return style }
        if case .status = role { return styles[.status(.missing)] ?? .plain }
        return .plain
    }

    /// The style of a cell of the selected row.
    func selected(_ style: Style) -> Style {
        var style = style
        switch selection {
        case .reversed: style.attributes.insert(.reverse)
        case .background(let color):
            style.background = color
            style.attributes.insert(.bold)
            style.attributes.remove(.dim)
        }
        return style
    }

    /// The style of a cell in a stale row: readable, but visibly not current.
    func stale(_ style: Style) -> Style { styles[.stale] ?? style }
}

extension Theme {
    package init(_ name: Name) {
        switch name {
        case .dark: self = .dark
        case .light: self = .light
        case .highContrast: self = .highContrast
        case .colorBlind: self = .colorBlind
        case .mono: self = .mono
        }
    }

    /// For a dark background: the default.
    static let dark = Theme(
        name: .dark, hasColor: true, selection: .background(.palette(237, nearest: .brightBlack)),
        palette: Palette(
            failed: .palette(203, nearest: .brightRed), internalError: .palette(199, nearest: .brightMagenta),
            timedOut: .palette(208, nearest: .red), upstreamFailed: .palette(174, nearest: .red),
            running: .palette(75, nearest: .brightCyan), queued: .palette(117, nearest: .cyan),
            pending: .palette(152, nearest: .cyan), blocked: .palette(221, nearest: .brightYellow),
            paused: .palette(179, nearest: .yellow), canceling: .palette(183, nearest: .magenta),
            canceled: .palette(140, nearest: .magenta), upstreamCanceled: .palette(97, nearest: .magenta),
            skipped: .palette(109, nearest: .white), excluded: .palette(245, nearest: .white),
            success: .palette(114, nearest: .green), unknown: .palette(255, nearest: .brightWhite),
            quiet: .palette(246, nearest: .white), title: .palette(255, nearest: .brightWhite),
            late: .palette(221, nearest: .brightYellow), match: .palette(58, nearest: .yellow),
            banner: (.palette(231, nearest: .brightWhite), .palette(88, nearest: .red))))

    /// For a light background.
    static let light = Theme(
        name: .light, hasColor: true, selection: .background(.palette(253, nearest: .white)),
        palette: Palette(
            failed: .palette(160, nearest: .red), internalError: .palette(162, nearest: .magenta),
            timedOut: .palette(130, nearest: .red), upstreamFailed: .palette(131, nearest: .red),
            running: .palette(26, nearest: .blue), queued: .palette(31, nearest: .cyan),
            pending: .palette(66, nearest: .cyan), blocked: .palette(94, nearest: .yellow),
            paused: .palette(100, nearest: .yellow), canceling: .palette(97, nearest: .magenta),
            canceled: .palette(90, nearest: .magenta), upstreamCanceled: .palette(60, nearest: .magenta),
            skipped: .palette(242, nearest: .black), excluded: .palette(244, nearest: .black),
            success: .palette(28, nearest: .green), unknown: .palette(16, nearest: .black),
            quiet: .palette(242, nearest: .black), title: .palette(16, nearest: .black),
            late: .palette(94, nearest: .yellow), match: .palette(229, nearest: .yellow),
            banner: (.palette(231, nearest: .brightWhite), .palette(124, nearest: .red))))

    /// The sixteen basic colours at their brightest, without dimmed text.
    static let highContrast = Theme(
        name: .highContrast, hasColor: true, selection: .reversed,
        palette: Palette(
            failed: .ansi(.brightRed), internalError: .ansi(.brightMagenta), timedOut: .ansi(.brightRed),
            upstreamFailed: .ansi(.brightRed), running: .ansi(.brightCyan), queued: .ansi(.brightCyan),
            pending: .ansi(.brightCyan), blocked: .ansi(.brightYellow), paused: .ansi(.brightYellow),
            canceling: .ansi(.brightMagenta), canceled: .ansi(.brightMagenta), upstreamCanceled: .ansi(.brightMagenta),
            skipped: .ansi(.brightWhite), excluded: .ansi(.brightWhite), success: .ansi(.brightGreen),
            unknown: .ansi(.brightWhite), quiet: .terminalDefault, title: .ansi(.brightWhite),
            late: .ansi(.brightYellow), match: .ansi(.blue), banner: (.ansi(.brightWhite), .ansi(.red))))

    /// After Okabe and Ito: distinguishable with any colour vision, and no two differ only by red and green.
    static let colorBlind = Theme(
        name: .colorBlind, hasColor: true, selection: .background(.palette(237, nearest: .brightBlack)),
        palette: Palette(
            failed: .palette(208, nearest: .brightRed), internalError: .palette(202, nearest: .red),
            timedOut: .palette(214, nearest: .yellow), upstreamFailed: .palette(173, nearest: .red),
            running: .palette(39, nearest: .brightCyan), queued: .palette(117, nearest: .cyan),
            pending: .palette(153, nearest: .cyan), blocked: .palette(227, nearest: .brightYellow),
            paused: .palette(186, nearest: .yellow), canceling: .palette(182, nearest: .magenta),
            canceled: .palette(175, nearest: .magenta), upstreamCanceled: .palette(132, nearest: .magenta),
            skipped: .palette(250, nearest: .white), excluded: .palette(245, nearest: .white),
            success: .palette(32, nearest: .white), unknown: .palette(231, nearest: .brightWhite),
            quiet: .palette(246, nearest: .white), title: .palette(255, nearest: .brightWhite),
            late: .palette(227, nearest: .brightYellow), match: .palette(24, nearest: .blue),
            banner: (.palette(16, nearest: .black), .palette(208, nearest: .yellow))))

    /// Without colour: bold, underline, dim and reverse repeat the meaning of glyphs and words.
    static let mono = Theme(
        name: .mono, hasColor: false, selection: .reversed,
        styles: [
            .quiet: Style(attributes: .dim), .title: Style(attributes: .bold),
            .columnTitle: Style(attributes: .underline), .broken: Style(attributes: .bold),
            .late: Style(attributes: .bold), .stale: Style(attributes: .dim), .banner: Style(attributes: .reverse),
            .notice: Style(attributes: .bold), .key: Style(attributes: .bold), .prompt: Style(attributes: .bold),
            .match: Style(attributes: .underline), .currentMatch: Style(attributes: [.reverse, .bold]),
            .status(.failed): Style(attributes: .bold), .status(.internalError): Style(attributes: .bold),
            .status(.timedOut): Style(attributes: .bold), .status(.upstreamFailed): Style(attributes: .bold),
        ])
}

/// The colours of a theme.
struct Palette {
    var failed, internalError, timedOut, upstreamFailed: Color
    var running, queued, pending, blocked, paused: Color
    var canceling, canceled, upstreamCanceled, skipped, excluded: Color
    var success, unknown: Color
    var quiet, title, late, match: Color
    var banner: (foreground: Color, background: Color)
}

extension Theme {
    init(name: Name, hasColor: Bool, selection: Selection, palette: Palette) {
        let bold: Style.Attributes = name == .highContrast ? .bold : []
        func style(_ color: Color, _ attributes: Style.Attributes = []) -> Style {
            Style(foreground: color, attributes: attributes.union(bold))
        }
        self.init(
            name: name, hasColor: hasColor, selection: selection,
            styles: [
                .status(.failed): style(palette.failed, .bold),
                .status(.internalError): style(palette.internalError, .bold),
                .status(.timedOut): style(palette.timedOut, .bold),
                .status(.upstreamFailed): style(palette.upstreamFailed),
                .status(.running): style(palette.running), .status(.queued): style(palette.queued),
                .status(.pending): style(palette.pending), .status(.blocked): style(palette.blocked),
                .status(.pausedMaintenance): style(palette.paused), .status(.canceling): style(palette.canceling),
                .status(.canceled): style(palette.canceled),
                .status(.upstreamCanceled): style(palette.upstreamCanceled),
                .status(.skipped): style(palette.skipped), .status(.excluded): style(palette.excluded),
                .status(.success): style(palette.success), .status(.missing): style(palette.unknown),
                .broken: style(palette.failed, .bold), .late: style(palette.late, .bold),
                .running: style(palette.running), .healthy: style(palette.success),
                .quiet: style(palette.quiet), .frame: style(palette.quiet), .title: style(palette.title, .bold),
                .columnTitle: style(palette.quiet, .underline), .stale: style(palette.quiet, .italic),
                .banner: Style(foreground: palette.banner.foreground, background: palette.banner.background),
                .notice: style(palette.title, .bold), .key: style(palette.title, .bold),
                .prompt: style(palette.running, .bold), .match: Style(background: palette.match),
                .currentMatch: Style(attributes: [.reverse, .bold]),
            ])
    }
}
