import Runs
import Screen
import Testing

@testable import Dashboard

/// The themes on whole screens. The text of a screen is stored for the dark theme alone; here each other theme is held
/// to it, and each theme's styles to a legend.
@Suite("Screens in every theme")
struct ThemeScreenTests {
    typealias View = GoldenScreenTests.View

    @Test(
        "the legend of each theme matches for every role, plain and selected",
        arguments: Theme.Name.allCases)
    func legend(_ name: Theme.Name) {
        let theme = Theme(name)
        var canvas = Canvas(size: Size(rows: Role.all.count + 2, columns: 60))
        canvas.write(
            SafeText("\(name.rawValue), \(theme.hasColor ? "in colour" : "without colour")"), row: 0, column: 0)
        for (row, role) in zip(2..., Role.all) {
            let style = theme.style(role)
            canvas.write(SafeText(role.legend), row: row, column: 0, style: style)
            canvas.write("selected", row: row, column: 30, style: theme.selected(style))
        }
        Golden.check(canvas, "legend/\(name.rawValue)")
    }

    @Test("every view has the same text in each theme", arguments: View.allCases, Theme.Name.allCases)
    func sameText(_ view: View, _ name: Theme.Name) {
        // Its sentence about the strip is another one: `GoldenScreenTests` has the whole screen.
        if view == .help, !Theme(name).hasColor { return }
        for size in GoldenScreenTests.sizes {
            let dark = GoldenScreenTests.state(view, size, Theme(.dark)).drawn()
            let other = GoldenScreenTests.state(view, size, Theme(name)).drawn()
            let differing = (0..<size.rows).filter { row in
                !zip(dark[row: row], other[row: row]).allSatisfy { cell, otherCell in
                    if cell.text == otherCell.text { return true }
                    return !Theme(name).hasColor && Self.withoutColor(cell).contains(otherCell.text)
                }
            }
            #expect(differing == [], "rows of \(size)")
        }
    }

    /// What a theme without colour may have in place of a bar of the dark theme: the glyph of the status that the bar has
    /// the colour of; of another cell nothing. The bars of a stale row have one colour, and may be any status: `GoldenScreenTests` has
    /// the whole screen.
    private static func withoutColor(_ cell: Cell) -> [String] {
        guard "▁▂▃▄▅▆▇█".contains(cell.text) else { return [] }
        let dark = Theme(.dark)
        return (RunStatus.documented + [.unknown("ARCHIVED")]).filter { status in
            let styles = [dark.style(.status(status)), dark.style(.stale)]
            return styles.contains(cell.style) || styles.map(dark.selected).contains(cell.style)
        }.map { Glyphs.utf8.status($0).plainText }
    }

    @Test("every cell of every view has its role's style in each theme", arguments: View.allCases, Theme.Name.allCases)
    func sameRoles(_ view: View, _ name: Theme.Name) {
        let theme = Theme(name)
        for size in GoldenScreenTests.sizes {
            let roles = GoldenScreenTests.state(view, size, .showingRoles(hasColor: theme.hasColor)).drawn()
            let canvas = GoldenScreenTests.state(view, size, theme).drawn()
            let differing = (0..<size.rows).filter { row in
                !zip(roles[row: row], canvas[row: row]).allSatisfy { theme.style(of: $0.style) == $1.style }
            }
            #expect(differing == [], "rows of \(size)")
        }
    }

    /// But for `healthy`: no view draws in it.
    @Test("the views together use every role of a theme")
    func everyRole() {
        var seen: Set<Role> = []
        for view in View.allCases {
            for hasColor in [true, false] {
                let state = GoldenScreenTests.state(
                    view, Size(rows: 60, columns: 200), .showingRoles(hasColor: hasColor))
                let canvas = state.drawn()
                for row in 0..<canvas.size.rows {
                    seen.formUnion(canvas[row: row].flatMap { Role.shown(by: $0.style) })
                }
            }
        }
        #expect(Role.all.filter { !seen.contains($0) } == [.healthy])
    }
}

extension Role {
    /// Every role, statuses in the order of the service's reference page.
    fileprivate static let all: [Role] =
        [
            .text, .quiet, .title, .columnTitle, .broken, .late, .running, .healthy, .stale, .banner, .notice, .key,
            .prompt, .match, .currentMatch, .frame,
        ] + (RunStatus.documented + [.missing]).map(Role.status)

    /// What the legend calls a role. A role that is new here must also be added to ``all``.
    fileprivate var legend: String {
        switch self {
        case .text: "text"
        case .quiet: "quiet"
        case .title: "title"
        case .columnTitle: "column title"
        case .status(let status): "\(Glyphs.utf8.status(status).plainText) \(status.appearance.shortWord.plainText)"
        case .broken: "broken"
        case .late: "late"
        case .running: "running"
        case .healthy: "healthy"
        case .stale: "stale"
        case .banner: "banner"
        case .notice: "notice"
        case .key: "key"
        case .prompt: "prompt"
        case .match: "match"
        case .currentMatch: "current match"
        case .frame: "frame"
        }
    }

    /// The roles that a style of ``Theme/showingRoles(hasColor:)`` stands for.
    fileprivate static func shown(by style: Style) -> [Role] {
        var roles: [Role] = []
        if case .palette(let index, _) = style.foreground { roles.append(all[Int(index)]) }
        if style.background == Theme.matchMark { roles.append(.match) }
        if style.background == Theme.currentMatchMark { roles.append(.currentMatch) }
        return roles
    }
}

extension Theme {
    fileprivate static let matchMark = Color.palette(200, nearest: .black)
    fileprivate static let currentMatchMark = Color.palette(201, nearest: .black)
    fileprivate static let selectionMark = Color.palette(202, nearest: .black)

    /// A theme in which no two roles look alike: the foreground is the number of the role in `Role.all`; a match and the
    /// selected row are told by the background.
    fileprivate static func showingRoles(hasColor: Bool) -> Theme {
        var styles: [Role: Style] = [:]
        for (index, role) in Role.all.enumerated() {
            styles[role] = Style(foreground: .palette(UInt8(index), nearest: .black))
        }
        styles[.match] = Style(background: matchMark)
        styles[.currentMatch] = Style(background: currentMatchMark)
        return Theme(name: .dark, hasColor: hasColor, selection: .background(selectionMark), styles: styles)
    }

    /// How this theme draws a cell that the theme ``showingRoles(hasColor:)`` draws in a style.
    fileprivate func style(of marked: Style) -> Style {
        var style = Style.plain
        if case .palette(let index, _) = marked.foreground { style = self.style(Role.all[Int(index)]) }
        switch marked.background {
        case Self.selectionMark: return selected(style)
        case Self.matchMark: return Self.laid(self.style(.match), over: style)
        case Self.currentMatchMark: return Self.laid(self.style(.currentMatch), over: style)
        default: return style
        }
    }

    /// A match adds its background and its attributes to what it stands on.
    private static func laid(_ match: Style, over style: Style) -> Style {
        var style = style
        if match.background != .terminalDefault { style.background = match.background }
        style.attributes.formUnion(match.attributes)
        return style
    }
}
