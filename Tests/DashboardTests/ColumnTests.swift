import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

@Suite("Columns at every width")
struct ColumnTests {
    @Test(
        "omits the least important columns first",
        arguments: [
            (20...39, "STATUS JOB"),
            (40...45, "STATUS JOB TIME"),
            (46...53, "STATUS JOB TIME VS"),
            (54...65, "STATUS JOB RUNS TIME VS"),
            (66...74, "STATUS JOB RUNS STARTED TIME VS"),
            (75...84, "STATUS JOB RUNS TIME REASON"),
            (85...96, "STATUS JOB RUNS STARTED TIME REASON"),
            (97...113, "STATUS JOB RUNS STARTED TIME REASON LAST_OK"),
            (114...120, "STATUS JOB RUNS TIME REASON CAUSE"),
            (121...129, "STATUS JOB RUNS STARTED TIME REASON CAUSE"),
            (130...141, "STATUS JOB RUNS STARTED TIME REASON CAUSE LAST_OK"),
            (142...150, "STATUS JOB RUNS STARTED TIME REASON CAUSE NEXT LAST_OK"),
            (151...163, "STATUS JOB RUNS STARTED TIME REASON CAUSE NEXT LAST_OK TRIGGER"),
            (164...176, "STATUS JOB RUNS STARTED TIME PROGRESS REASON CAUSE NEXT LAST_OK TRIGGER"),
            (177...179, "STATUS JOB RUNS STARTED TIME PROGRESS REASON CAUSE NEXT LAST_OK TRIGGER WHO"),
            (180...181, "STATUS JOB RUNS TIME PROGRESS REASON CAUSE NEXT LAST_OK"),
            (182...193, "STATUS JOB RUNS TIME PROGRESS REASON CAUSE NEXT LAST_OK DURATIONS"),
            (194...202, "STATUS JOB RUNS STARTED TIME PROGRESS REASON CAUSE NEXT LAST_OK DURATIONS"),
            (203...215, "STATUS JOB RUNS STARTED TIME PROGRESS REASON CAUSE NEXT LAST_OK DURATIONS TRIGGER"),
            (216...240, "STATUS JOB RUNS STARTED TIME PROGRESS REASON CAUSE NEXT LAST_OK DURATIONS TRIGGER WHO"),
        ] as [(ClosedRange<Int>, String)])
    func shown(widths: ClosedRange<Int>, titles: String) {
        for columns in widths {
            // Seven runs are known of a job, so the strip is seven wide. A title too long for its column is cut.
            let shown = Sample.state(Size(rows: 24, columns: columns)).columnTitles
            let first = columns < 32 ? "STATUS" : shown.first ?? ""
            #expect(([first] + shown.dropFirst()).joined(separator: " ") == titles, "\(columns) columns")
        }
    }

    @Test("the name grows before the long status word is shown")
    func nameFirst() {
        let state = Sample.state(Size(rows: 24, columns: 80))
        #expect(state.row(of: "UP-FAIL").contains("↯ UP-FAIL  reconcile_ledger"))
        #expect(state.row(of: "silver_customers").contains(" silver_customers_scd2 "))
    }

    @Test("columns are in order, one space apart, within the screen", arguments: 20...220)
    func placed(columns: Int) throws {
        var state = Sample.state(Size(rows: 24, columns: columns))
        state.feed(.runsFailed(Sample.expiredToken, of: [JobID("job-1")], at: Sample.now))
        let order = [
            "STATUS", "JOB", "RUNS", "STARTED", "TIME", "VS", "PROGRESS", "REASON", "CAUSE", "NEXT", "LAST_OK",
            "DURATIONS",
            "TRIGGER",
            "AGE", "WHO",
        ]
        let titles = state.columnTitles
        #expect(titles.dropFirst() == order.dropFirst().filter(titles.contains)[...])
        #expect(titles.dropFirst().first == "JOB")
        // No cell runs into the next one: beside each column there is a space in every row.
        let canvas = state.drawn()
        let first = (state.titlesRow ?? 0) + 1
        for title in titles.dropFirst() {
            let text = title.replacing("_", with: " ")
            let end = title == "DURATIONS" ? "P90" : text
            let column = try #require(state.columns(from: text, through: end))
            let isTrailing = ["TIME", "VS", "AGE", "LAST_OK", "DURATIONS"].contains(title)
            let beside = isTrailing ? column.upperBound : column.lowerBound - 1
            for row in first..<first + state.tableRows.count {
                #expect(canvas[row, beside].text == " ", "\(title), row \(row)")
            }
        }
    }

    @Test("columns stay within their minimum and ideal widths and within the screen", arguments: 20...220)
    func widths(columns: Int) {
        var state = Sample.state(Size(rows: 24, columns: columns))
        state.feed(.runsFailed(Sample.expiredToken, of: [JobID("job-1")], at: Sample.now))
        _ = state.frame()
        let placed = TableLayout.place(state.jobColumns, in: 2..<columns)
        var next = 2
        for column in placed {
            #expect(column.start == next)
            #expect(column.width >= column.column.minimum)
            #expect(column.width <= max(column.column.ideal, column.column.comfortable))
            next = column.start + column.width + 1
        }
        #expect(next - 1 <= columns)
        #expect(placed.count >= 2)
    }

    @Test("the name is at most as wide as the longest, so that others are not cut")
    func longestName() {
        var state = Sample.state(Size(rows: 30, columns: 130))
        let column = state.columns(from: "JOB", through: "RUNS")
        #expect(column?.count == "bronze_ingest_clickstream".count + " RUNS".count)
        #expect(
            state.row(of: "bronze_ingest_clickstream").contains("bronze_ingest_clickstream   ▅"),
            "not cut; the strip has seven cells")
        state.press(.character("/"))
        state.type("ml")
        #expect(state.columns(from: "JOB", through: "RUNS") == column, "a filter moves no column")
        let long = Job(id: JobID("long"), name: String(repeating: "x", count: 90))
        state.feed(.jobsListed([long], at: Sample.now))
        state.press(.escape)
        state.resize(rows: 30, columns: 200)
        #expect(state.row(of: "xxx").contains(String(repeating: "x", count: 43) + "…"))
    }

    @Test("on the narrowest screen the name gets the space, and the status only its glyph")
    func narrowest() {
        let state = Sample.state(Size(rows: 10, columns: 20))
        #expect(state.rows()[3] == ">  ※ gold_revenue_d…")
    }

    @Test("aligns and cuts a styled text as a whole")
    func styledText() {
        let bold = Style(attributes: .bold)
        let text = StyledText([("ab", .plain), ("cd", bold)])
        #expect(text.width == 4)
        func written(width: Int, _ alignment: Canvas.Alignment) -> String {
            var canvas = Canvas(size: Size(rows: 1, columns: 8))
            canvas.write(text, row: 0, column: 1, width: width, alignment: alignment)
            return canvas.text(row: 0)
        }
        #expect(written(width: 6, .leading) == " abcd   ")
        #expect(written(width: 6, .trailing) == "   abcd ")
        #expect(written(width: 3, .leading) == " abc    " || written(width: 3, .leading) == " ab…    ")
        #expect(written(width: 3, .trailing) == written(width: 3, .leading))
        #expect(written(width: 2, .leading) == " ab     ")
        var canvas = Canvas(size: Size(rows: 1, columns: 8))
        canvas.write(text, row: 0, column: 1, width: 6)
        #expect(canvas[0, 1].style == .plain)
        #expect(canvas[0, 3].style == bold)
    }
}
