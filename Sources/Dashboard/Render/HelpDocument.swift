import Runs
import Screen

/// The help of a screen: every key that works there, and what every colour, glyph and word means.
struct HelpDocument {
    let lines: [DocumentLine]

    init(of context: KeyContext, in state: DashboardState) {
        let labelColumns = min(22, max(9, state.size.columns / 3))
        let keys = Keymap.intents(in: context).map { intent -> DocumentLine in
            let names = state.keymap.keys(for: intent).map { SafeText($0.name) }.joined(separator: " ") ?? "(none)"
            let label = ("  " + names).padded(to: labelColumns - 1) + " "
            return DocumentLine(text: label + SafeText(intent.explanation), labelColumns: label.width)
        }
        let legend = RunStatus.documented.map { status in
            DocumentLine(
                text: "  \(state.appearance.glyphs.status(status)) " + status.word.padded(to: 20) + status.explanation,
                role: .status(status))
        }
        lines =
            [DocumentLine(text: "Keys on this screen", role: .title)] + keys + Self.commands(in: context) + [
                DocumentLine(text: ""), DocumentLine(text: "Statuses", role: .title),
            ] + legend + [DocumentLine(text: "")] + Self.columns(in: state)
    }

    /// The commands that no key stands for.
    private static func commands(in context: KeyContext) -> [DocumentLine] {
        guard context == .run else { return [] }
        let name: SafeText = "  :save-raw FILE "
        let text = name + "save the error trace as the service sent it, control characters and all"
        return [DocumentLine(text: text, labelColumns: name.width)]
    }

    private static func columns(in state: DashboardState) -> [DocumentLine] {
        let times = state.appearance.glyphs.times
        let columns: [(SafeText, SafeText)] = [
            ("RUNS", "the last runs, oldest to newest: colour is the status, height the duration"),
            ("TIME", "how long the newest run took, or has taken"),
            ("VS", "that against the job's median success: 2.0\(times) took twice as long"),
            ("AGE", "how old the row is"),
            ("!", "the job is broken, though its newest run is another try"),
            ("~", "the row is stale: the newest attempt to refresh it failed"),
        ]
        return [DocumentLine(text: "Columns", role: .title)]
            + columns.map { DocumentLine(text: "  " + $0.padded(to: 10) + $1, labelColumns: 12) }
    }
}
