import Foundation
import Runs
import Screen

/// The lines between the header and the body: why the data is not up to date, and other notes about the newest cycle.
struct Banner: Equatable, Sendable {
    /// A line with its role: an error, or a less important note.
    struct Line: Equatable, Sendable {
        var text: SafeText
        var role: Role
    }

    private(set) var lines: [Line] = []

    /// An empty banner.
    init() {}

    /// An error gets all lines that it needs and that fit; the notes get two lines, or the last line of a full banner. The
    /// narrowest screens have one line: the error, or otherwise the first note.
    init(
        of poller: PollerState, sessionProblem: String?, notes ownNotes: [String] = [], size: Size, glyphs: Glyphs,
        at now: Date
    ) {
        let width = size.columns
        guard width > 2 else { return }
        let most = ScreenLayout.mostBannerRows(in: size)
        let mark = glyphs.warning + " "
        var errors: [SafeText] = []
        if let outage = poller.outage {
            let listed = poller.listOutage == nil ? nil : poller.jobsListed
            errors = Self.lines(of: outage, jobsListed: listed, mark: mark, size: size, at: now)
        } else if let sessionProblem {
            let text = mark + "The session could not be refreshed: \(sessionProblem)"
            errors = width < 40 ? [text] : text.wrapped(to: width - 2)
        }
        let notes = Self.lines(ofNotes: ownNotes.map { SafeText($0) } + poller.notes, width: width).map {
            Line(text: $0, role: .late)
        }
        let kept = notes.isEmpty || most < 4 ? most : most - 1
        lines = Array((errors.map { Line(text: $0, role: .banner) }.prefix(kept) + notes).prefix(most))
    }

    /// What failed and why in one or two lines, then what a ticket needs, since when, and what to do.
    ///
    /// - Parameter jobsListed: when the list of jobs was last received; set if the request for it fails.
    private static func lines(
        of outage: Outage, jobsListed: Date?, mark: SafeText, size: Size, at now: Date
    ) -> [SafeText] {
        let error = outage.error
        let width = size.columns
        guard width >= 40 else { return [mark + SafeText(error.short)] }
        let others: SafeText = outage.others > 0 ? "  (and \(outage.others) more)" : ""
        var what = summaryLines(
            mark + SafeText(error.summary), width: width - 2 - others.width, wraps: size.rows >= 20)
        var age: SafeText = "Failing for \(TimeText.age(of: outage.since, at: now))."
        if let jobsListed {
            age += "  The list of jobs is \(TimeText.age(of: jobsListed, at: now)) old."
        }
        let advice = SafeText(error.advice)
        var details: [SafeText] = [advice.isEmpty ? age : advice + "  " + age]
        if let id = error.opcRequestID {
            // The advice comes last: it is the same for every error of this kind, and only this line has the id.
            details = ["opc-request-id \(id)  " + age] + (advice.isEmpty ? [] : [advice])
        }
        what[what.count - 1] += others
        return what + details.flatMap { $0.wrapped(to: width - 2) }
    }

    /// What failed, in one line, or in two if the screen has enough rows.
    private static func summaryLines(_ text: SafeText, width: Int, wraps: Bool) -> [SafeText] {
        wraps ? atMostTwo(text.wrapped(to: width), width: width) : [text.truncated(to: width)]
    }

    private static func lines(ofNotes notes: [SafeText], width: Int) -> [SafeText] {
        guard !notes.isEmpty else { return [] }
        let text = "! " + notes.joined(separator: "; ")
        return width < 40 ? [text] : atMostTwo(text.wrapped(to: width - 2), width: width - 2)
    }

    /// The first line, and the others joined into one, which is cut.
    private static func atMostTwo(_ lines: [SafeText], width: Int) -> [SafeText] {
        guard lines.count > 2 else { return lines }
        return [lines[0], lines[1...].joined().truncated(to: width)]
    }

    func draw(in area: Rectangle, theme: Theme, on canvas: inout Canvas) {
        let text = area.inset(by: 1)
        for (row, line) in zip(area.rows, lines) {
            let style = theme.style(line.role)
            if line.role == .banner { canvas.fill(row: row, columns: area.columns, style: style) }
            canvas.write(line.text, row: row, column: text.left, width: text.size.columns, style: style)
        }
    }
}
