import Runs
import Screen

/// The help of a screen: its keys, the meanings of words, marks, statuses and columns, the commands, and the names for the
/// settings file.
struct HelpDocument: Hashable, Sendable {
    private(set) var text = Document()
    /// The width for which the text was laid out.
    private(set) var width = 0

    /// An empty text.
    init() {}

    /// - Parameter own: the user's own commands on the screen.
    init(of context: KeyContext, keymap: Keymap, own: [OwnCommand] = [], appearance: Appearance, width: Int) {
        self.width = width
        let keysColumn = min(22, max(9, width / 3))
        let commands = own.flatMap { command in
            let label = (command.key.map { SafeText($0.name) + "  :" } ?? ":") + SafeText(command.name)
            let what = command.description.isEmpty ? "" : SafeText(command.description) + ": "
            return DocumentLine.entry(
                label, what + command.usage + (command.changesSomething ? " (asks first)" : ""),
                column: keysColumn,
                width: width)
        }
        var sections: [(SafeText, [DocumentLine])] = [
            (
                "Keys on this screen",
                Keymap.intents(in: context).flatMap { intent in
                    let names = keymap.keys(for: intent).map(\.name).joined(separator: " ")
                    let label = names.isEmpty ? "(no key)" : SafeText(names)
                    return DocumentLine.entry(label, SafeText(intent.info.help), column: keysColumn, width: width)
                }
            ),
            ("Words and marks", Self.table(Self.words, column: 15, width: width)),
            ("Statuses", Self.statuses(appearance.glyphs, width: width)),
            ("Columns", Self.table(Self.columns(appearance), column: 12, width: width)),
            ("Commands after :", Self.table(Self.commands(in: context), column: min(22, width / 2), width: width)),
            (
                "Actions that keys can be bound to",
                Self.table(
                    Intent.allCases.map { (SafeText($0.rawValue), SafeText($0.info.help)) }, column: 18, width: width)
            ),
        ]
        if !commands.isEmpty { sections.insert(("Your own commands on this screen", commands), at: 1) }
        text = Document(
            Array(
                sections.map { title, lines in [DocumentLine(text: title, role: .title)] + lines }
                    .joined(separator: [DocumentLine(text: "")])))
    }

    private static let words: [(SafeText, SafeText)] = [
        (
            "broken",
            "the job's last finished run failed; only a success ends it, and canceled or skipped runs do not count"
        ),
        ("late", "a run of the job is slow or stuck, or a start was missed"),
        (
            "slow",
            "the run takes longer than nearly all of the job's own runs, judged by how much those vary; with only three "
                + "or four known runs, three times the longest; never before 1m"
        ),
        (
            "stuck",
            "the run takes far longer than slow, or waits far longer than the job's runs usually wait: never before 5m "
                + "of running or 15m of waiting; with too few known runs, after 30m of waiting"
        ),
        (
            "missed",
            "a run should have started, by the schedule or else by the job's own rhythm, and did not"
        ),
        (
            "new cause",
            "no earlier known run of the job failed for this cause; causes that differ only in numbers, ids, times and "
                + "paths count as one"
        ),
        (
            "flapping",
            "the job alternates between failure and success; the header counts it if it is neither broken nor late"
        ),
        ("active", "a run is running or waiting: pending, queued, blocked, paused, canceling"),
        ("stale", "the last refresh of the row failed; its times do not advance"),
        ("from history", "from an earlier session: the service has not answered yet"),
        ("no data", "the service answered, and has no runs of the job"),
        ("L", "late: the run shown is taking too long"),
        ("W", "late: the run shown has waited to start for too long"),
        ("M", "a start was missed, although the run shown is fine"),
        ("F", "the job is flapping"),
        ("*", "the row is marked: the next action applies to all marked rows"),
        ("read-only", "actions are not allowed; “actions: true” in the settings or --allow-actions allows them"),
        (
            "sent, not confirmed",
            "the answer to an action was lost, and the run does not show whether it was carried out"
        ),
        ("!", "the job is broken, although the run shown is a newer one"),
        (
            "~",
            "the row is as last seen: it is stale or from history, or the service no longer lists the run"
        ),
    ]

    private static func columns(_ appearance: Appearance) -> [(SafeText, SafeText)] {
        let strip: SafeText = appearance.showsBars ? "colour is the status, height the duration" : "each one's status"
        let glyphs = appearance.glyphs
        let times = glyphs.times
        return [
            ("JOB", "the row shows the job's newest run, or a running or late one if there is one"),
            ("RUNS", "the known runs, oldest to newest: " + strip),
            ("STARTED", "when the run started"),
            ("TIME", "how long the run took or has taken so far; w4m00s: it has waited 4m to start"),
            ("VS", "TIME compared with the median of the job's successful runs: 2.0\(times) is twice as long"),
            (
                "PROGRESS",
                "how far an active run has come: \(glyphs.medianMark) is the job's median, \(glyphs.p90Mark) at the end its "
                    + "90th percentile, and \(glyphs.pastP90) means that the run is beyond both. On a narrower screen it is "
                    + "in REASON"
            ),
            ("REASON", "what is wrong with the job, the most urgent first; a narrow screen has VS instead"),
            (
                "CAUSE",
                "why the job or the run failed, from its trace or its message; on a narrower screen it is in REASON"
            ),
            ("NEXT", "when the next run should start, by the schedule or the job's rhythm"),
            ("LAST OK", "how long ago the job last succeeded"),
            (
                "DURATIONS",
                "how long the successful runs took, oldest to newest, then their median and 90th percentile; a bar of "
                    + "full height took longer than that"
            ),
            ("WAIT", "how long a run waited between its creation and its start"),
            ("TRY", "how many times the task has been tried; the earlier tries failed"),
            ("TIMELINE", "when each task ran, between the first start and the last end"),
            ("AGE", "how old the row is, if it is stale or much older than the others"),
        ]
    }

    private static func statuses(_ glyphs: Glyphs, width: Int) -> [DocumentLine] {
        RunStatus.documented.flatMap { status in
            let label = glyphs.status(status) + " " + status.word
            return DocumentLine.entry(
                label, status.explanation, column: min(24, width / 2 + 3), width: width, role: .status(status))
        }
    }

    private static func commands(in context: KeyContext) -> [(SafeText, SafeText)] {
        // The help describes the screen from which it was opened, and has no commands of its own.
        let context = context == .help ? .jobs : context
        return Command.names(in: context).map { (SafeText(Command.usage(of: $0)), Command.explanation(of: $0)) }
    }

    private static func table(_ rows: [(SafeText, SafeText)], column: Int, width: Int) -> [DocumentLine] {
        rows.flatMap { DocumentLine.entry($0, $1, column: column, width: width) }
    }
}
