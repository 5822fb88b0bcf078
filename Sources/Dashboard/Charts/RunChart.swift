import Foundation
import Runs
import Screen

/// A job's runs over time: days from left to right, durations from bottom to top.
///
/// A successful run is a dot, any other run the glyph of its status, so that colour is not needed. If a cell has several
/// runs, it shows the worst. Without UTF-8 every cell is a glyph. The median and the 90th percentile are lines.
struct RunChart {
    /// Oldest first.
    let runs: [PastRun]
    let usual: UsualSpan?
    let clock: WallClock
    let now: Date
    /// The time up to which an active run is known to be active.
    let lastKnown: Date

    /// The columns left of the chart for the labels of the heights.
    private static let labels = 12

    /// The duration at the top of the chart. Longer ones are also in the top row: otherwise one run that hung for a day
    /// would press all others to the bottom.
    private var highest: Duration {
        let longest = runs.lazy.compactMap(duration).max() ?? .zero
        guard let usual, usual.p90 > .zero else { return longest }
        return max(min(longest, usual.p90 * 3), usual.p90)
    }

    private func duration(of run: PastRun) -> Duration? {
        guard run.status.isActive else { return run.finalDuration }
        return run.started.map { Duration(from: $0, to: lastKnown) }
    }

    /// The chart, its time axis and its legend.
    func lines(rows: Int, width: Int, glyphs: Glyphs) -> [DocumentLine] {
        let gutter = width >= 40 ? Self.labels : 0
        let columns = max(width - gutter, 8)
        guard let first = runs.lazy.compactMap(\.moment).first else { return [] }
        let start = min(first, now.addingTimeInterval(-600))
        let highest = highest
        var grid = Grid(rows: rows, columns: columns, glyphs: glyphs)
        for run in runs {
            guard let moment = run.moment else { continue }
            let share = max(0, min(moment.timeIntervalSince(start) / max(now.timeIntervalSince(start), 1), 1))
            grid.add(run.status, x: share, y: highest > .zero ? (duration(of: run) ?? .zero) / highest : 0)
        }
        var marks: [Int: (label: SafeText, line: SafeText)] = [:]
        if let usual, highest > .zero {
            let median = grid.row(of: usual.median / highest)
            let p90 = grid.row(of: usual.p90 / highest)
            marks[p90] = ("p90 \(TimeText.duration(usual.p90))", glyphs.p90Line)
            let name: SafeText = median == p90 ? "median, p90" : "med \(TimeText.duration(usual.median))"
            marks[median] = (name, glyphs.medianLine)
        }
        let lines = (0..<rows).map { row in
            var label = marks[row]?.label ?? ""
            if label.isEmpty, row == 0 { label = TimeText.duration(highest) }
            if label.isEmpty, row == rows - 1 { label = "0" }
            let parts = gutter > 0 ? [Part(label.rightAligned(to: gutter - 1) + " ", .quiet)] : []
            return DocumentLine(parts + grid.parts(row: row, line: marks[row]?.line ?? " "))
        }
        let times = times(from: start, columns: columns)
        return lines + [DocumentLine(text: SafeText.spaces(gutter) + times, role: .quiet)]
            + legend(
                beyond: highest, glyphs: glyphs, width: width)
    }

    /// The time axis below the chart: times at their columns, or days if the chart spans several; `now` at the end.
    private func times(from start: Date, columns: Int) -> SafeText {
        let span = now.timeIntervalSince(start)
        let distance = 12
        var text: SafeText = ""
        for column in stride(from: 0, to: columns - distance / 2 - 3, by: distance) {
            let moment = start.addingTimeInterval(span * Double(column) / Double(columns))
            let label = span > 3 * 86_400 ? clock.day(moment) : clock.shortToMinute(moment, at: now)
            text = text.padded(to: column) + label.truncated(to: distance - 1)
        }
        return text.padded(to: columns - 3) + "now"
    }

    private func legend(beyond highest: Duration, glyphs: Glyphs, width: Int) -> [DocumentLine] {
        let others = Set(runs.lazy.map(\.status).filter { $0 != .success })
            .sorted { ($0.severity, $0.wireValue) < ($1.severity, $1.wireValue) }
        var entries: [Part] = []
        entries.add(glyphs == .utf8 ? "dots succeeded" : glyphs.status(.success) + " succeeded", .quiet)
        for status in others { entries.add("  " + glyphs.status(status) + " " + status.legendWord, .status(status)) }
        var lines = [DocumentLine(entries)]
        let beyond = runs.lazy.compactMap(duration).filter { $0 > highest }
        if let longest = beyond.max() {
            lines.append(
                DocumentLine(
                    text:
                        "\(beyond.count) longer than this chart is high: in its top row, up to \(TimeText.duration(longest))",
                    role: .quiet))
        }
        return lines
    }
}

extension RunStatus {
    /// The status word in lower case, for the legend.
    fileprivate var legendWord: SafeText {
        SafeText(word.plainText.lowercased().replacingOccurrences(of: "_", with: " "))
    }
}

/// The cells of a chart: dots of a fine grid, or the glyph of the worst status in the cell.
private struct Grid {
    let rows: Int
    let columns: Int
    let glyphs: Glyphs
    private var dots: [UInt8]
    private var statuses: [RunStatus?]

    init(rows: Int, columns: Int, glyphs: Glyphs) {
        (self.rows, self.columns, self.glyphs) = (rows, columns, glyphs)
        dots = Array(repeating: 0, count: rows * columns)
        statuses = Array(repeating: nil, count: rows * columns)
    }

    /// The row of a height, 0…1.
    func row(of height: Double) -> Int { rows - 1 - fine(height, of: rows) }

    private func fine(_ share: Double, of count: Int) -> Int {
        share.isFinite ? min(max(Int(min(max(share, 0), 1) * Double(count)), 0), count - 1) : 0
    }

    mutating func add(_ status: RunStatus, x: Double, y: Double) {
        let (fineX, fineY) = (fine(x, of: columns * 2), rows * 4 - 1 - fine(y, of: rows * 4))
        let cell = fineY / 4 * columns + fineX / 2
        guard status == .success, glyphs == .utf8 else {
            let worst = statuses[cell].map { min($0.severity, status.severity) } ?? status.severity
            if worst == status.severity { statuses[cell] = status }
            return
        }
        // The bits of the dots, from top to bottom: left 0, 1, 2, 6, right 3, 4, 5, 7.
        let bits: [UInt8] = fineX.isMultiple(of: 2) ? [0, 1, 2, 6] : [3, 4, 5, 7]
        dots[cell] |= 1 << bits[fineY % 4]
    }

    /// A row of cells; `line` is drawn in empty cells.
    func parts(row: Int, line: SafeText) -> [Part] {
        var parts: [Part] = []
        for cell in row * columns..<(row + 1) * columns {
            if let status = statuses[cell] {
                parts.add(glyphs.status(status), .status(status))
            } else if dots[cell] != 0 {
                parts.add(Glyphs.braille(dots[cell]), .status(.success))
            } else {
                parts.add(line, .quiet)
            }
        }
        return parts
    }
}
