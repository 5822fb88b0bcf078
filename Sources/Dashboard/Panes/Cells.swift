import Foundation
import Runs
import Screen

/// The cells of tables for runs and jobs: texts with styles.
struct Cells {
    let appearance: Appearance
    let clock: WallClock
    let now: Date
    /// The actions of this session, which the rows of their jobs show.
    var actions = ActionsState()
    /// Whether the failures of the visible jobs are new for them.
    var recurrences = RecurrenceMemo()

    /// The status of a run, after a mark or a space.
    func statusCell(_ run: JobRun, mark: Span?, width: Int) -> StyledText {
        StyledText([mark ?? appearance.styled(" ", .text)] + statusCell(run.status, width: width - 1).spans)
    }

    /// The mark of a run that is late.
    func lateMark(of run: JobRun, in entry: JobEntry) -> Span? {
        entry.lateness(of: run, at: now).map { appearance.styled($0.mark, .late) }
    }

    /// The mark of a job's row: that the shown run hides a failure, how that run is late, or another problem of the job that
    /// the run does not show.
    func mark(of entry: JobEntry, showing run: JobRun) -> Span? {
        if hidesFailure(entry, showing: run) { return appearance.styled("!", .broken) }
        if let late = lateMark(of: run, in: entry) { return late }
        let kinds = entry.assessment(at: now).verdicts.map(\.kind)
        return kinds.lazy.compactMap(\.mark).first.map { appearance.styled($0, .late) }
    }

    /// Whether the job is broken but the shown run does not show it, because it is a new attempt or was canceled.
    private func hidesFailure(_ entry: JobEntry, showing run: JobRun) -> Bool {
        !run.status.isFailure && entry.health(at: now) == .broken
    }

    /// A status: the glyph with the service's word, or with the short word, or alone.
    private func statusCell(_ status: RunStatus, width: Int) -> StyledText {
        let style = appearance.theme.style(.status(status))
        let glyph = appearance.glyphs.status(status)
        if width >= status.word.width + 2 { return StyledText(glyph + " " + status.word, style) }
        if width >= 10 { return StyledText(glyph + " " + status.appearance.shortWord, style) }
        return StyledText(glyph, style)
    }

    /// The text in place of a status if there is no run.
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

    /// How long a run took or has run; for a run that waits to start, `w` and how long it has waited.
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

    /// When a run started. A waiting run has not started, whenever it was created.
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

    /// A dash for a value that the service did not send.
    var nothing: StyledText { StyledText(appearance.glyphs.nothing, appearance.theme.style(.quiet)) }
}

extension JobEntry {
    /// The word in place of a status if there is no run.
    var missingStatus: SafeText {
        switch freshness {
        case .never: "not asked"
        case .remembered, .fresh, .stale: "no data"
        case .unavailable: "no answer"
        }
    }

    /// The long and the short word that the row shows for the run's status, for the filter.
    func statusTexts(of run: JobRun?) -> [String] {
        run.map { [$0.status.word.plainText, $0.status.appearance.shortWord.plainText] }
            ?? [missingStatus.plainText]
    }
}

extension Verdict.Kind {
    /// The mark of a job for a problem that the status of its run does not show.
    var mark: SafeText? {
        switch self {
        case .missed: "M"
        case .flapping: "F"
        case .failing, .stuck, .slow: nil
        }
    }
}

extension Lateness {
    /// The mark before the status of a late run: a letter, so that neither colour nor UTF-8 is needed.
    var mark: SafeText {
        switch self {
        case .running: "L"
        case .waiting: "W"
        }
    }
}
