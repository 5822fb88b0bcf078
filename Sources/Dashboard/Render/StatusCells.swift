import Foundation
import Runs
import Screen

extension DashboardState {
    /// A status in a field: glyph and the service's word, or the short word, or the glyph alone.
    func statusCell(_ status: RunStatus, width: Int) -> StyledText {
        let style = appearance.theme.style(.status(status))
        let glyph = appearance.glyphs.status(status)
        if width >= status.word.width + 2 { return StyledText(glyph + " " + status.word, style) }
        if width >= 10 { return StyledText(glyph + " " + status.appearance.shortWord, style) }
        return StyledText(glyph, style)
    }

    /// What stands in place of a status where there is no run to have one.
    func statusCell(without runs: JobEntry, width: Int) -> StyledText {
        let word: SafeText =
            switch runs.freshness {
            case .never: "not asked"
            case .fresh: "no data"
            case .stale: "no data"
            case .unavailable: "no answer"
            }
        return StyledText(word.truncated(to: width), appearance.theme.style(.quiet))
    }

    /// The strip: a cell a run, oldest to newest; its colour the status, its height the duration.
    ///
    /// Where neither colour nor bars are to be had, the status's glyph.
    func stripCell(_ runs: [JobRun], width: Int) -> StyledText {
        let shown = runs.prefix(width).reversed()
        let durations = shown.map { $0.duration(at: now) }
        let longest = durations.lazy.compactMap(\.self).max() ?? .zero
        let showsBars = appearance.theme.hasColor && appearance.glyphs == .utf8
        let cells = zip(shown, durations).map { run, duration -> (text: SafeText, style: Style) in
            let style = appearance.theme.style(.status(run.status))
            guard showsBars else { return (appearance.glyphs.status(run.status), style) }
            let share = duration.map { longest > .zero ? $0 / longest : 0 } ?? 0
            return (appearance.glyphs.bar(share), style)
        }
        let padding = SafeText(String(repeating: " ", count: max(width - cells.count, 0)))
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
        let who = [run.createdByName, run.createdBy].lazy.compactMap(\.self).first { !$0.isEmpty }
        return who.map { StyledText(SafeText($0), appearance.theme.style(.quiet)) } ?? nothing
    }

    func durationCell(_ run: JobRun) -> StyledText {
        guard let duration = run.duration(at: now) else { return nothing }
        let role: Role = run.status.isActive ? .status(run.status) : .text
        return StyledText(TimeText.duration(duration), appearance.theme.style(role))
    }

    func momentCell(_ moment: Date?) -> StyledText {
        guard let moment else { return nothing }
        return StyledText(clock.short(moment, at: now), appearance.theme.style(.quiet))
    }

    /// A dash: the service did not say.
    var nothing: StyledText { StyledText(appearance.glyphs.nothing, appearance.theme.style(.quiet)) }
}
