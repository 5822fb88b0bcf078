import Foundation
import Runs
import Screen

/// Texts for a job's health and its expected values.
extension Verdict.Kind {
    /// The role of the verdict's text.
    var role: Role { self == .failing ? .broken : .late }
}

extension JobAssessment {
    /// The reasons, most urgent first.
    func reasons(_ glyphs: Glyphs) -> SafeText {
        Self.joined(verdicts[...], glyphs)
    }

    /// The reasons in at most `width` columns: if not all fit, the first ones and the number of the others, `…; +1`.
    func reasons(_ glyphs: Glyphs, width: Int) -> SafeText {
        let all = reasons(glyphs)
        guard all.width > width, verdicts.count > 1 else { return all.truncated(to: width) }
        for count in stride(from: verdicts.count - 1, to: 0, by: -1) {
            let more: SafeText = "; +\(verdicts.count - count)"
            let first = Self.joined(verdicts.prefix(count), glyphs)
            if first.width + more.width <= width { return first + more }
        }
        let more: SafeText = " +\(verdicts.count - 1)"
        guard width > more.width * 4 else { return all.truncated(to: width) }
        return Self.joined(verdicts.prefix(1), glyphs).truncated(to: width - more.width) + more
    }

    private static func joined(_ verdicts: ArraySlice<Verdict>, _ glyphs: Glyphs) -> SafeText {
        verdicts.map { ($0.kind == .stuck ? "stuck: " : "") + glyphs.words($0.reason) }.joined(separator: "; ")
    }
}

extension JobAssessment.ExpectedEnd {
    /// The beginning of a sentence that ``text(_:at:)`` ends.
    func label(at now: Date) -> SafeText { latest < now ? "should have ended" : "should end" }

    /// When the run should end: `about 12:51:00, between 12:40:00 and 13:05:00`.
    func text(_ clock: WallClock, at now: Date) -> SafeText {
        if latest < now { return "by \(clock.short(latest, at: now))" }
        let range: SafeText = "between \(clock.short(max(earliest, now), at: now)) and \(clock.short(latest, at: now))"
        return likeliest < now ? range : "about \(clock.short(likeliest, at: now)), " + range
    }
}

extension UsualSpan {
    /// `median 14m00s, 9 of 10 within 21m03s (34 runs)`.
    var text: SafeText {
        "median \(TimeText.duration(median)), 9 of 10 within \(TimeText.duration(p90)) (\(runs) runs)"
    }

    /// The longest value, the spread, and whether the values get longer.
    func details(_ glyphs: Glyphs) -> SafeText {
        let drift = driftPerDay.map { ", " + TimeText.drift($0, median: median) } ?? ""
        return "longest \(TimeText.duration(longest)), spread " + glyphs.words("±") + TimeText.duration(spread)
            + (limit.map { ", late past \(TimeText.duration($0))" } ?? "") + drift
    }
}

extension JobEntry {
    /// The progress of the run in the row; `nil` if it is not running, or the job has too few runs.
    func progress(at now: Date) -> ProgressBar? {
        guard let run = leadingRun(at: now), run.status.isActive else { return nil }
        return progress(of: run, at: moment(at: now))
    }

    /// The progress of an active run at a time.
    func progress(of run: JobRun, at moment: Date) -> ProgressBar? {
        guard run.status.isActive, let elapsed = run.duration(at: moment), let usual = statistics.duration else {
            return nil
        }
        return ProgressBar(elapsed: elapsed, usual: usual)
    }
}
