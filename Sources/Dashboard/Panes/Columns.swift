import Foundation
import Runs
import Screen

extension Cells {
    /// The columns of the table of jobs, from left to right. A row shows one run: the one that says how the job is.
    ///
    /// - Parameters:
    ///   - runsShown: the most runs that a job has.
    ///   - longestName: the columns that the longest name of a job takes.
    ///   - agesApart: the polling interval when there is to be a column AGE: some rows are older than the header says; else nil.
    func jobColumns(runsShown: Int, longestName: Int, agesApart: Duration?) -> [Column<JobEntry, JobSortKey>] {
        let runsShown = min(max(runsShown, 5), 10)
        var columns: [Column<JobEntry, JobSortKey>] = [
            Column(
                title: " STATUS", minimum: 2, comfortable: 11, ideal: 20, givesWay: 0, sortKey: .status
            ) { entry, width in
                entry.leadingRun(at: now).map {
                    statusCell($0, mark: mark(of: entry, showing: $0), width: width)
                }
                    ?? statusCell(without: entry, width: width)
            },
            Column(
                title: "JOB", minimum: 6, comfortable: 18, ideal: min(max(longestName, 18), JobsView.widestName),
                givesWay: 0, sortKey: .name
            ) { entry, width in
                StyledText(SafeText(entry.name).truncated(to: width), appearance.theme.style(.text))
            },
            Column(title: "RUNS", minimum: runsShown, comfortable: runsShown, ideal: runsShown, givesWay: 3) {
                entry, width in
                stripCell(entry, width: width)
            },
            Column(
                title: "STARTED", minimum: 11, comfortable: 11, ideal: 11, givesWay: 4, sortKey: .started
            ) { entry, _ in
                entry.leadingRun(at: now).map { startCell($0) } ?? nothing
            },
            Column(
                title: "TIME", minimum: 7, comfortable: 7, ideal: 8, givesWay: 1, alignment: .trailing,
                sortKey: .duration
            ) { entry, _ in
                entry.leadingRun(at: now).map { timeCell($0, of: entry) } ?? nothing
            },
            Column(
                title: "VS", minimum: 5, comfortable: 5, ideal: 6, givesWay: 2, alignment: .trailing, sortKey: .ratio
            ) { entry, _ in
                ratioCell(entry.ratio(at: now))
            },
            Column(
                title: "TRIGGER", minimum: 8, comfortable: 8, ideal: 9, givesWay: 5, sortKey: .trigger
            ) { entry, width in
                launchCell(entry.leadingRun(at: now)?.launch, width: width)
            },
        ]
        if let agesApart {
            columns.append(
                Column(title: "AGE", minimum: 4, comfortable: 4, ideal: 4, givesWay: 6, alignment: .trailing) {
                    entry, _ in
                    guard entry.showsAge(at: now, interval: agesApart) else { return StyledText("", .plain) }
                    guard let answered = entry.freshness.lastAnswer else { return nothing }
                    return StyledText(TimeText.age(of: answered, at: now), appearance.theme.style(.quiet))
                })
        }
        columns.append(
            Column(
                title: "WHO", minimum: 12, comfortable: 12, ideal: 30, givesWay: 7, sortKey: .who
            ) { entry, _ in
                entry.leadingRun(at: now).map { whoCell($0) } ?? nothing
            })
        return columns
    }

    /// The columns of the table of a job's runs, from left to right.
    func runColumns(of entry: JobEntry) -> [Column<JobRun, RunSortKey>] {
        let longestMessage = entry.runs.lazy.map { SafeText($0.stateMessage ?? "").width }.max() ?? 0
        return [
            Column(
                title: " STATUS", minimum: 2, comfortable: 11, ideal: 20, givesWay: 0, sortKey: .status
            ) { run, width in
                statusCell(run, mark: lateMark(of: run, in: entry), width: width)
            },
            Column(
                title: "CREATED", minimum: 11, comfortable: 11, ideal: 11, givesWay: 0, sortKey: .created
            ) { run, _ in
                momentCell(run.moment)
            },
            Column(
                title: "TIME", minimum: 7, comfortable: 7, ideal: 8, givesWay: 1, alignment: .trailing,
                sortKey: .duration
            ) { run, _ in
                timeCell(run, of: entry)
            },
            Column(title: "VS", minimum: 5, comfortable: 5, ideal: 6, givesWay: 3, alignment: .trailing) { run, _ in
                ratioCell(run.duration(at: entry.moment(at: now)).flatMap { entry.usual?.ratio(of: $0) })
            },
            Column(
                title: "WAIT", minimum: 6, comfortable: 6, ideal: 6, givesWay: 5, alignment: .trailing, sortKey: .wait
            ) { run, _ in
                guard let wait = run.queueWait(at: entry.moment(at: now)) else { return nothing }
                return StyledText(TimeText.duration(wait), appearance.theme.style(.quiet))
            },
            Column(
                title: "TRIGGER", minimum: 8, comfortable: 8, ideal: 9, givesWay: 4, sortKey: .trigger
            ) { run, width in
                launchCell(run.launch, width: width)
            },
            Column(
                title: "WHO", minimum: 12, comfortable: 12, ideal: 24, givesWay: 6, sortKey: .who
            ) { run, _ in
                whoCell(run)
            },
            Column(
                title: "MESSAGE", minimum: 12, comfortable: 16, ideal: min(max(longestMessage, 16), 100), givesWay: 2
            ) { run, width in
                let message = SafeText(run.stateMessage ?? "")
                return StyledText(message.truncated(to: width), appearance.theme.style(.text))
            },
        ]
    }
}

extension JobEntry {
    /// Whether the row's age says more than the header's: the row is stale, or has had no answer for several refreshes.
    func showsAge(at now: Date, interval: Duration) -> Bool {
        guard freshness.reason == nil else { return true }
        return freshness.lastAnswer.map { Duration(from: $0, to: now) > interval * 3 } ?? false
    }
}

extension JobSortKey: TitledSortKey {
    var title: SafeText {
        switch self {
        case .worst: "worst"
        case .status: "STATUS"
        case .name: "JOB"
        case .started: "STARTED"
        case .duration: "TIME"
        case .ratio: "VS"
        case .trigger: "TRIGGER"
        case .who: "WHO"
        }
    }

    var isAscending: Bool {
        switch self {
        case .name, .trigger, .who: true
        case .worst, .status, .started, .duration, .ratio: false
        }
    }
}

extension RunSortKey: TitledSortKey {
    var title: SafeText {
        switch self {
        case .created: "CREATED"
        case .status: "STATUS"
        case .duration: "TIME"
        case .wait: "WAIT"
        case .trigger: "TRIGGER"
        case .who: "WHO"
        }
    }

    var isAscending: Bool {
        switch self {
        case .trigger, .who: true
        case .created, .status, .duration, .wait: false
        }
    }
}

/// What the cells of a table say of a run or a job, and in which style.
struct Cells {
    let appearance: Appearance
    let clock: WallClock
    let now: Date

    /// A run's status in a field, after a mark or a space.
    func statusCell(_ run: JobRun, mark: Span?, width: Int) -> StyledText {
        StyledText([mark ?? appearance.styled(" ", .text)] + statusCell(run.status, width: width - 1).spans)
    }

    /// The mark of a run that is late.
    func lateMark(of run: JobRun, in entry: JobEntry) -> Span? {
        entry.lateness(of: run, at: now).map { appearance.styled($0.mark, .late) }
    }

    /// The mark of a job's row: that its failure is hidden by the run shown, or how that run is late.
    func mark(of entry: JobEntry, showing run: JobRun) -> Span? {
        hidesFailure(entry, showing: run) ? appearance.styled("!", .broken) : lateMark(of: run, in: entry)
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

    /// The strip: a cell for each run, oldest to newest; its colour is the status, its height the duration.
    ///
    /// On a terminal without colour or without bars, it is the status's glyph.
    func stripCell(_ entry: JobEntry, width: Int) -> StyledText {
        let shown = entry.runs.prefix(width).reversed()
        let durations = shown.map { $0.duration(at: entry.moment(at: now)) }
        let longest = durations.lazy.compactMap(\.self).max() ?? .zero
        let cells = zip(shown, durations).map { run, duration -> Span in
            let style = appearance.theme.style(.status(run.status))
            guard appearance.showsBars else { return (appearance.glyphs.status(run.status), style) }
            let share = duration.map { longest > .zero ? $0 / longest : 0 } ?? 0
            return (appearance.glyphs.bar(share), style)
        }
        let padding = SafeText.spaces(width - cells.count)
        return StyledText([(padding, .plain)] + cells)
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
    fileprivate var missingStatus: SafeText {
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

extension Lateness {
    /// The mark before the status of a late run: a letter, so that it needs neither colour nor UTF-8.
    var mark: SafeText {
        switch self {
        case .running: "L"
        case .waiting: "W"
        }
    }
}
