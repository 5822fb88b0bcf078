import Runs
import Screen

/// The help of a screen: every key that works there, what every word, mark, status and column means, the commands, and
/// the names that the settings file uses.
struct HelpDocument: Hashable, Sendable {
    private(set) var text = Document()
    /// The columns it is written for.
    private(set) var width = 0

    /// No text.
    init() {}

    /// - Parameter own: the operator's own commands on the screen.
    init(of context: KeyContext, keymap: Keymap, own: [OwnCommand] = [], appearance: Appearance, width: Int) {
        self.width = width
        let keysColumn = min(22, max(9, width / 3))
        let commands = own.flatMap { command in
            let label = (command.key.map { SafeText($0.name) + "  :" } ?? ":") + SafeText(command.name)
            let what = command.description.isEmpty ? "" : SafeText(command.description) + ": "
            return DocumentLine.entry(
                label, what + command.usage + (command.changesSomething ? " (after a question)" : ""),
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
        ("broken", "the newest run that succeeded or failed has failed; only a success heals a job"),
        ("late", "a run of the job is slow or stuck, or one was missed"),
        (
            "slow",
            "a run has run for longer than all but a few of the job's own runs do, by how much those vary; with three or "
                + "four to learn from, three times the longest; never before 1m"
        ),
        (
            "stuck",
            "a run has run far beyond slow, or waits beyond the job's own habit: never before 5m of running, 15m of "
                + "waiting; with too few runs to learn from, after 30m of waiting"
        ),
        (
            "missed",
            "by the schedule, or else by the job's own rhythm, a run should have started, and none has"
        ),
        (
            "new cause",
            "no earlier known run of the job failed for the cause; causes are one that differ only in numbers, ids, times and paths"
        ),
        ("flapping", "the job fails and succeeds in turns; counted where it is neither broken nor late"),
        ("active", "a run is running, or waits: pending, queued, blocked, paused, canceling"),
        ("stale", "the newest attempt to refresh the row failed; its times are frozen"),
        ("from history", "shown as the history last saw it: the service has not been asked yet"),
        ("no data", "the service answered, and lists no runs of the job"),
        ("L", "late: the run shown has run for too long"),
        ("W", "late: the run shown has waited to start for too long"),
        ("M", "a run was missed, though the run shown is well"),
        ("F", "the job is flapping"),
        ("*", "the row is marked, for an action on several"),
        ("read-only", "no action is allowed; “actions: true” in the settings or --allow-actions allows them"),
        (
            "sent, not confirmed",
            "the answer to an action was lost, and the run does not show whether it was carried out"
        ),
        ("!", "the job is broken, though the run shown is another try"),
        (
            "~",
            "the row is stale or from history, or the run is no longer among the job's recent runs: it is as it was last seen"
        ),
    ]

    private static func columns(_ appearance: Appearance) -> [(SafeText, SafeText)] {
        let strip: SafeText = appearance.showsBars ? "colour is the status, height the duration" : "each one's status"
        let glyphs = appearance.glyphs
        let times = glyphs.times
        return [
            ("JOB", "a row shows the job's newest run, but a running or late run takes precedence"),
            ("RUNS", "the runs as far back as they are known, oldest to newest: " + strip),
            ("STARTED", "when the run started"),
            ("TIME", "how long the run took, or has run; w4m00s has waited 4m to start"),
            ("VS", "TIME compared with the median of the job's successful runs: 2.0\(times) is twice as long"),
            (
                "PROGRESS",
                "how far an active run has come. The bar ends at \(glyphs.p90Mark), what 9 of 10 runs took no longer than; "
                    + "\(glyphs.medianMark) is the median; \(glyphs.pastP90) is a run past both. On a narrower screen it "
                    + "stands under REASON"
            ),
            ("REASON", "what is wrong with the job, the most urgent first; in place of VS where there is room"),
            (
                "CAUSE",
                "why the job or the run failed, from its error trace or its message; on a narrower screen it stands under REASON"
            ),
            ("NEXT", "when the next run should start, by the schedule or the job's rhythm"),
            ("LAST OK", "how long ago the job last succeeded"),
            (
                "DURATIONS",
                "how long the successful runs took, oldest to newest, then the median and what 9 of 10 took no longer "
                    + "than; the highest bar is one that took longer"
            ),
            ("WAIT", "how long a run waited between being created and starting"),
            ("TRY", "of a task: which try it is; the ones before it failed"),
            ("TIMELINE", "of the tasks: when each ran, on the time from the first start to the last end"),
            ("AGE", "how old the row is, where it is stale or much older than the others"),
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
        // The help opens from the screen it describes, and takes no commands itself.
        let context = context == .help ? .jobs : context
        return Command.names(in: context).map { (SafeText(Command.usage(of: $0)), Command.explanation(of: $0)) }
    }

    private static func table(_ rows: [(SafeText, SafeText)], column: Int, width: Int) -> [DocumentLine] {
        rows.flatMap { DocumentLine.entry($0, $1, column: column, width: width) }
    }
}
