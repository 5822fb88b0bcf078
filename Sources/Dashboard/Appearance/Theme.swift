import Runs
import Screen

/// What a colour means. Every cell is drawn in a role; a theme gives each role a style.
enum Role: Hashable, Sendable {
    case text
    /// What is less important: units, labels, ages.
    case quiet
    case title
    case columnTitle
    case status(RunStatus)
    case broken
    case late
    case running
    case healthy
    /// A row whose data is older than the newest attempt to refresh it.
    case stale
    case banner
    case notice
    case key
    case prompt
    case match
    case currentMatch
    case frame
}

/// How every role looks.
package struct Theme: Sendable, Hashable {
    /// The name users know it by.
    package let name: Name
    /// Whether colour carries anything: without it the strip shows glyphs instead of bars.
    let hasColor: Bool
    private let styles: [Role: Style]
    private let selection: Selection

    /// The themes there are.
    package enum Name: String, Sendable, Hashable, CaseIterable {
        case dark
        case light
        case highContrast = "high-contrast"
        case colorBlind = "color-blind"
        case mono
    }

    /// How the selected row stands out.
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

    /// The style of a cell of a stale row: legible, and plainly not current.
    func staled(_ style: Style) -> Style {
        guard let stale = styles[.stale] else { return style }
        return stale
    }
}
