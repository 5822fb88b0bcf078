import Runs
import Screen

/// The progress of a run: how long it has run, compared with the usual duration of its job.
///
/// ```
/// ████▍··┊···│   the bar ends at the 90th percentile, ┊ is the median
/// ███████████»   nine of ten runs had ended by now
/// ```
struct ProgressBar {
    let elapsed: Duration
    let usual: UsualSpan

    /// Whether the run has exceeded the 90th percentile.
    var isPastP90: Bool { elapsed > usual.p90 }

    /// The bar in `width` columns, the last of which marks the 90th percentile; empty below four columns.
    func parts(width: Int, glyphs: Glyphs) -> [Part] {
        guard width >= 4, usual.p90 > .zero else { return [] }
        let cells = width - 1
        var parts: [Part] = []
        guard !isPastP90 else {
            for _ in 0..<cells { parts.add(glyphs.filled(1) ?? "", .late) }
            parts.add(glyphs.pastP90, .late)
            return parts
        }
        let filled = Double(cells) * max(elapsed / usual.p90, 0)
        let median = Int(Double(cells) * (usual.median / usual.p90))
        for cell in 0..<cells {
            if let glyph = glyphs.filled(filled - Double(cell)) {
                parts.add(glyph, .running)
            } else {
                parts.add(cell == median ? glyphs.medianMark : glyphs.barRest, .quiet)
            }
        }
        parts.add(glyphs.p90Mark, .quiet)
        return parts
    }
}

/// A line of durations, oldest first. Its highest level is only for durations above the 90th percentile, so that they are
/// visible without colour; without usual values, it is for the longest duration.
struct Sparkline {
    let durations: ArraySlice<Duration>
    let usual: UsualSpan?

    /// The newest durations that fit in `width` columns.
    func parts(width: Int, glyphs: Glyphs) -> [Part] {
        let shown = durations.suffix(max(width, 0))
        let longest = shown.max() ?? .zero
        var parts: [Part] = []
        for duration in shown {
            if let usual, usual.p90 > .zero {
                let isLong = duration > usual.p90
                parts.add(glyphs.level(isLong ? 1 : duration / usual.p90 * 7 / 8), isLong ? .late : .text)
            } else {
                parts.add(glyphs.level(longest > .zero ? duration / longest : 0), .text)
            }
        }
        return parts
    }
}
