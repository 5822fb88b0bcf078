import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

@Suite("A ticket in Markdown")
struct TicketTests {
    let size = Size(rows: 24, columns: 80)

    /// The ticket of the run that is selected.
    private func ticket(_ state: DashboardState) -> String {
        var state = state
        state.press(.character("Y"))
        guard case .copy(let text, "the ticket (Markdown)")? = state.press(.character("t")).first else { return "" }
        return text
    }

    @Test("has the job, the place, the run, the times in UTC, the duration and the usual one, why and where")
    func whole() {
        var state = Sample.state(size)
        state.enter("gold_revenue", at: "/")
        Golden.check(text: ticket(state), "ticket")
    }

    @Test("says that the data is not current, why, and the service's request id")
    func stale() {
        var state = Sample.state(size)
        let job = JobID("job-4")
        state.feed(.runsFailed(Sample.expiredToken, of: [job], at: Sample.now))
        state.enter("gold_revenue", at: "/")
        let lines = ticket(state).split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("- Not current: `recentJobRuns: 401 NotAuthenticated: The") })
        #expect(lines.contains("- opc-request-id: `8B1F0C/77AA/0001`"))
        state.press(.escape)
        state.enter("silver_customers", at: "/")
        #expect(!ticket(state).contains("8B1F0C"), "of a job whose own data is current, the id is another's")
    }

    /// The ticket of a failed run with these texts.
    private func ticket(name: String = "orders", trace: String? = nil, message: String? = nil) -> String {
        var job = OneRun.job
        job.name = name
        var state = Sample.state(size, board: false)
        state.feed(.jobsListed([job], at: Sample.now))
        state.feed(.runs([OneRun.run(trace: trace, message: message)], of: [job.id], at: Sample.now))
        state.press(.enter)
        return ticket(state)
    }

    @Test(
        "no text of the service ends its code block",
        arguments: [
            ("a`b", "`` a`b ``"), ("```", "```` ``` ````"), ("`x`` y", "``` `x`` y ```"), ("x\n# y", "`x<U+000A># y`"),
            (" <b>@ops ", "`  <b>@ops  `"), ("[a](http://x)", "`[a](http://x)`"),
        ])
    func inlineCode(name: String, code: String) {
        #expect(ticket(name: name).split(separator: "\n").first == "### \(code): `FAILED`")
    }

    @Test("the fence around a trace is longer than any run of backticks in it")
    func fence() throws {
        let text = ticket(trace: "before\n```\n# not a title\n`````\n<script>\nKeyError: 'id'")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let opening = try #require(lines.firstIndex(of: "``````text"))
        let closing = try #require(lines.lastIndex(of: "``````"))
        #expect(lines[opening + 1..<closing].contains("# not a title"))
        #expect(lines[closing...].dropFirst() == [""], "nothing comes after the trace")
        #expect(!lines[..<opening].contains("# not a title"))
    }

    @Test("a text in a line is enclosed in more backticks than it has in a row")
    func inline() {
        #expect(Markdown.code("a") == "`a`")
        #expect(Markdown.code("a`b") == "`` a`b ``")
        #expect(Markdown.code("```") == "```` ``` ````")
        #expect(Markdown.code(" a") == "`  a `")
        #expect(Markdown.code("") == "(empty)")
    }

    @Test("a long trace has its first and last lines, and the number of omitted ones")
    func long() {
        let text = ticket(trace: (1...500).map { "line \($0)." }.joined(separator: "\r\n") + "\n")
        let lines = text.split(separator: "\n")
        #expect(lines.contains("Error trace (500 lines):"))
        #expect(lines.contains("line 10.") && !lines.contains("line 11."))
        #expect(lines.contains("[470 lines left out]"))
        #expect(!lines.contains("line 480.") && lines.contains("line 481.") && lines.contains("line 500."))
    }

    @Test("the excerpt of a trace has all lines if few would be omitted, and cuts a line that is too long")
    func excerpt() {
        for count in [1, 2, 30, 31, 32] {
            let excerpt = TraceExcerpt(
                of: (1...count).map(String.init).joined(separator: "\n"), first: 10, last: 20)
            #expect(excerpt.count == count)
            #expect(excerpt.lines.count == min(count, 31))
            #expect(excerpt.lines.first == "1")
            #expect(excerpt.lines.last == "\(count)")
            #expect(excerpt.lines.contains("[2 lines left out]") == (count == 32))
        }
        let long = TraceExcerpt(of: String(repeating: "é", count: 100_000), first: 10, last: 20)
        #expect(long.lines.map(\.width) == [400])
    }
}
