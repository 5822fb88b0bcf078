import Foundation
import Screen
import Testing

@testable import Doctor

@Suite("The report")
struct ReportTests {
    @Test("the exit status and the last line give the result")
    func status() {
        let (good, warning, bad) = (
            Finding(.jobs, .passed, "2"), Finding(.clock, .warning, "70 s ahead", advice: "Set it."),
            Finding(.key, .failed, "none")
        )
        #expect(Report([good]).exitStatus == 0)
        #expect(Report([good]).summary == "Everything is in order.")
        #expect(Report([good, warning]).exitStatus == 1)
        #expect(Report([warning]).summary == "1 warning.")
        #expect(Report([bad, warning, bad]).exitStatus == 2)
        #expect(Report([bad, warning, bad]).summary == "2 failures, 1 warning.")
        #expect(warning.lines(isUTF8: true) == ["! clock          70 s ahead", "                 Set it."])
        #expect(bad.lines(isUTF8: false) == ["x key            none"])
        #expect(
            warning.lines(isUTF8: true, width: 37) == ["! clock          70 s ahead", "                 Set it."])
        let long = Finding(.token, .failed, "It has ended, and nobody renewed it.", advice: "Run something.")
        #expect(
            long.lines(isUTF8: true, width: 40) == [
                "✗ token          It has ended, and ", "                 nobody renewed it.",
                "                 Run something.",
            ])
        #expect(long.lines(isUTF8: true, width: 20).count == 2)
    }

    @Test("the JSON has the same safe text as the lines")
    func json() throws {
        let report = Report([Finding(.jobs, .failed, "\("\u{1B}[31mred")", advice: "Do.")])
        let read = try #require(
            JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any])
        let findings = try #require(read["findings"] as? [[String: String]])
        #expect(read["status"] as? Int == 2)
        #expect(findings[0]["check"] == "jobs")
        #expect(findings[0]["advice"] == "Do.")
        #expect(findings[0]["text"]?.contains("\u{1B}") == false)
    }

    private func terminal(
        isThere: Bool = true, problem: SafeText? = nil, rows: Int = 24, colors: Int = 256, noColor: Bool = false,
        isUTF8: Bool = true
    ) -> [Finding] {
        let facts = TerminalFacts(
            type: "xterm", isThere: isThere, problem: problem, size: Size(rows: rows, columns: 80), colorCount: colors,
            refusesColor: noColor, isUTF8: isUTF8, locale: isUTF8 ? "C.UTF-8" : "C")
        return TerminalChecks(terminal: facts, smallest: Size(rows: 5, columns: 20)).findings
    }

    @Test("the checks of the terminal report its type, size, colours and encoding")
    func terminals() {
        #expect(terminal().map(\.verdict) == [.passed, .passed, .passed])
        #expect(terminal()[0].text == "xterm, 80x24")
        #expect(terminal()[1].text == "256: the default theme is dark")
        #expect(terminal(rows: 4).map(\.verdict) == [.warning, .passed, .passed])
        #expect(terminal(colors: 0).map(\.verdict) == [.passed, .warning, .passed])
        #expect(terminal(colors: 0, noColor: true).map(\.verdict) == [.passed, .passed, .passed])
        #expect(terminal(isUTF8: false).map(\.verdict) == [.passed, .passed, .warning])
        let absent = terminal(isThere: false, problem: "none")
        #expect(absent == [Finding(.terminal, .skipped, "standard input or output is not a terminal")])
        #expect(terminal(rows: 5).map(\.verdict) == [.passed, .passed, .passed])
        #expect(terminal(rows: 4)[0].advice == "The dashboard needs at least 20x5.")
        #expect(terminal(colors: 0)[1].advice.plainText.contains("TERM"))
        #expect(terminal(noColor: true)[1].text.plainText.hasPrefix("none, because NO_COLOR is set"))
        #expect(terminal(isUTF8: false)[2].text == "C, not UTF-8: characters outside ASCII are shown as ?")
        #expect(terminal(problem: "terminfo does not know it").map(\.verdict) == [.failed])
    }
}
