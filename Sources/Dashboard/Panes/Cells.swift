import Foundation
import Runs
import Screen

/// What the cells of a table say of a run or a job, and in which style.
struct Cells {
    let appearance: Appearance
    let clock: WallClock
    let now: Date
    /// What was done from here, which the rows of the jobs say.
    var actions = ActionsState()
    /// Whether the failures of the jobs in sight are new for them.
    var recurrences = RecurrenceMemo()

    /// A run's status in a field, after a mark or a space.
    func statusCell(_ run: JobRun, mark: Span?, width: Int) -> StyledText {
        StyledText([mark ?? appearance.styled(" ", .text)] + statusCell(run.status, width: width - 1).spans)
    }

    /// The mark of a run that is late.
    func lateMark(of run: JobRun, in entry: JobEntry) -> Span? {
        entry.lateness(of: run, at: now).map { appearance.styled($0.mark, .late) }
    }

    /// The mark of a job's row: that its failure is hidden by the run shown, how that run is late, or what else is wrong
    /// with the job that the run does not show.
    func mark(of entry: JobEntry, showing run: JobRun) -> Span? {
        if hidesFailure(entry, showing: run) { return appearance.styled("!", .broken) }
        if let late = lateMark(of: run, in: entry) { return late }
        let kinds = entry.assessment(at: now).verdicts.map(\.kind)
        return kinds.lazy.compactMap(\.mark).first.map { appearance.styled($0, .late) }
    }

    /// Whether the job is broken though the run shown does not say so: a new try is under way, or was canceled.
    private func hidesFailure(_ entry: JobEntry, showing run: JobRun) -> Bool {
        !run.status.isFailure && entry.health(at: now) == .broken
    }

    /// A status in a field: glyph and the service's word, or the short word, or the glyph alone.
    private func statusCell(_ status: RunStatus, width: Int) -> StyledText {
        let style = appearance.theme.style(.status(status))
        let glyph = appearance.glyphs.status(status)
        if width >= status.word.width + 2 { return StyledText(glyph + " " + status.word, style) }
        if width >= 10 { return StyledText(glyph + " " + status.appearance.shortWord, style) }
        return StyledText(glyph, style)
    }

    /// What stands in place of a status where there is no run to have one.
    func statusCell(without runs: JobEntry, width: Int) -> StyledText {
        StyledText((" " + runs.missingStatus).truncated(to: width), appearance.theme.style(.quiet))
    }

    func ratioCell(_ ratio: Double?) -> StyledText {
        guard let ratio else { return nothing }
        let role: Role = ratio >= 2 ? .late : .quiet
        return StyledText(TimeText.ratio(ratio, times: appearance.glyphs.times), appearance.theme.style(role))
    }

    func launchCell(_ launch: Launch?, width: Int) -> StyledText {
        guard let launch else { return nothing }
        let word: SafeText =
            switch launch {
            case .scheduled: "schedule"
            case .manual: "manual"
            case .unknown(let value): SafeText(value)
            }
        return StyledText(word, appearance.theme.style(.quiet))
    }

    func whoCell(_ run: JobRun) -> StyledText {
        run.who.map { StyledText(SafeText($0), appearance.theme.style(.quiet)) } ?? nothing
    }

    /// How long a run took, or has run; of one that waits to start, how long it has waited, after a `w`.
    func timeCell(_ run: JobRun, of entry: JobEntry) -> StyledText {
        let moment = entry.moment(at: now)
        let isLate = entry.lateness(of: run, at: now) != nil
        let role: Role = isLate ? .late : run.status.isActive ? .status(run.status) : .text
        if let duration = run.duration(at: moment) {
            return StyledText(TimeText.duration(duration), appearance.theme.style(role))
        }
        guard run.status.isActive, let wait = run.queueWait(at: moment) else { return nothing }
        return StyledText("w" + TimeText.duration(wait), appearance.theme.style(role))
    }

    /// When a run started. A run that waits has not started, whenever it was created.
    func startCell(_ run: JobRun) -> StyledText {
        if run.started == nil, run.status.isWaiting {
            return StyledText("not started", appearance.theme.style(.quiet))
        }
        return momentCell(run.started)
    }

    func momentCell(_ moment: Date?) -> StyledText {
        guard let moment else { return nothing }
        return StyledText(clock.short(moment, at: now), appearance.theme.style(.quiet))
    }

    /// A dash: the service did not say.
    var nothing: StyledText { StyledText(appearance.glyphs.nothing, appearance.theme.style(.quiet)) }
}

extension JobEntry {
    /// The word for a status where there is no run to have one.
    var missingStatus: SafeText {
        switch freshness {
        case .never: "not asked"
        case .remembered, .fresh, .stale: "no data"
        case .unavailable: "no answer"
        }
    }

    /// How the table writes the status of the run a row shows, in full or in short: what a filter looks at.
    func statusTexts(of run: JobRun?) -> [String] {
        run.map { [$0.status.word.plainText, $0.status.appearance.shortWord.plainText] }
            ?? [missingStatus.plainText]
    }
}

extension Verdict.Kind {
    /// The mark of a job for what the status of its run does not show.
    var mark: SafeText? {
        switch self {
        case .missed: "M"
        case .flapping: "F"
        case .failing, .stuck, .slow: nil
        }
    }
}

extension Lateness {
    /// The mark before the status of a late run: a letter, so that it needs neither colour nor UTF-8.
    var mark: SafeText {
        switch self {
        case .running: "L"
        case .waiting: "W"
        }
    }
}
