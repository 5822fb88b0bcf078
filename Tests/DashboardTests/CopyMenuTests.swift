import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

/// What `Y` offers, and what each choice puts on the clipboard.
@Suite("The copy menu")
struct CopyMenuTests {
    let size = Size(rows: 24, columns: 80)

    /// The board, whose REST calls can be copied.
    private func board(_ keys: Key...) -> DashboardState {
        var state = DashboardState(
            place: PlaceLabel(region: "us-ashburn-1", workspace: "lakehouse-prod", profile: "DEFAULT"),
            interval: .seconds(15), appearance: Appearance(theme: Theme(.dark), glyphs: .utf8),
            clock: WallClock { _ in 0 },
            calls: RESTCalls(recentRuns: { "GET recent \($0.key)" }, run: { "GET run \($0.key)" }), size: size,
            now: Sample.now)
        state.feed(.jobsListed(Sample.jobs, at: Sample.now))
        for job in Sample.jobs { state.feed(.runs(Sample.runs(of: job), of: [job.id], at: Sample.now)) }
        state.enter("gold_revenue", at: "/")
        state.press(keys)
        return state
    }

    /// The letters in the menu on the screen, from top to bottom.
    private func letters(_ state: DashboardState) -> String {
        String(state.rows().compactMap { $0.firstMatch(of: /│[> ►] *(\w)  \S/)?.1.first })
    }

    private func copied(_ effects: [Effect]) -> String? {
        guard case .copy(let text, _)? = effects.first, effects.count == 1 else { return nil }
        return text
    }

    @Test("for a job: its name and key, the newest run's key, the cause, a ticket and the call for its runs")
    func job() {
        let state = board(.character("Y"))
        #expect(letters(state) == "nirctu")
        for (letter, text, what) in [
            ("n", "gold_revenue_daily", "the job name"), ("i", "job-4", "the job key"),
            ("r", "job-4-run-5", "the newest run's key"), ("u", "GET recent job-4", "the REST call"),
            ("c", "java.io.IOException: No space left on device: /mnt/spark-local/blockmgr-77", "the cause"),
        ] as [(Character, String, SafeText)] {
            var state = state
            expect(&state, pressing: .character(letter), gives: [.copy(text, what: what)])
            #expect(letters(state) == "", "the menu is closed")
        }
    }

    @Test("for a run, in the table and on its own screen: also its key, message, trace and call")
    func run() {
        for keys in [[Key.enter], [.enter, .enter], [.character("e")]] {
            var state = board()
            state.press(keys + [.character("Y")])
            #expect(letters(state) == "nirmcetu", "\(keys)")
            for (letter, text) in [
                ("r", "job-4-run-5"), ("m", "Task transform failed: KeyError: 'customer_id'"),
                ("u", "GET run job-4-run-5"), ("e", Sample.trace.replacing("\t", with: "        ")),
            ] as [(Character, String)] {
                var state = state
                #expect(copied(state.press(.character(letter))) == text)
            }
        }
    }

    @Test("on the page of a job, it is for that job")
    func page() {
        var state = board(.character("d"), .character("Y"))
        #expect(copied(state.press(.character("i"))) == "job-4")
    }

    @Test("omits items without a text")
    func absent() {
        var state = Sample.state(size)
        state.enter("gdpr", at: "/")
        state.press(.character("Y"))
        #expect(letters(state) == "nit")
        #expect(state.press(.character("c")) == [])
        #expect(letters(state) == "nit", "a letter that is not in the menu does nothing")
        state = Sample.state(size)
        state.enter("payments_healed", at: "/")
        state.press(.enter, .character("Y"))
        #expect(letters(state) == "nirt", "a run that went well has no cause, no message and no trace")
    }

    @Test("without a selection there is no menu, but a message")
    func nothing() {
        var state = Sample.state(size)
        state.enter("zzz", at: "/")
        state.press(.character("Y"))
        #expect(state.lastRow == " No job matches. Esc shows all of them.")
        state = Sample.state(size)
        state.enter("gdpr", at: "/")
        state.press(.enter, .character("Y"))
        #expect(state.lastRow == " There is no run in the list.")
    }

    @Test("the arrows select, Enter copies the selected item, Esc and q copy nothing")
    func keys() {
        var state = board(.character("Y"))
        state.press(.down, .down, .up)
        #expect(copied(state.press(.enter)) == "job-4")
        state.press(.character("Y"), .up)
        #expect(copied(state.press(.enter)) == "GET recent job-4")
        for key in [Key.escape, .character("q"), .control("c")] {
            state.press(.character("Y"))
            #expect(state.press(key) == [])
            #expect(letters(state) == "")
            #expect(state.screenShown == .jobs)
        }
        state.press(.character("Y"))
        #expect(state.press(.paste("n")) == [], "pasted text picks nothing")
        #expect(letters(state) == "nirctu")
    }

    @Test("copies what the menu showed, even if the service has answered since")
    func frozen() {
        var state = board(.character("Y"))
        state.feed(.jobsListed([Job(id: JobID("other"), name: "other")], at: Sample.now))
        state.feed(.runs([], of: [JobID("job-4")], at: Sample.now))
        #expect(copied(state.press(.character("n"))) == "gold_revenue_daily")
    }

    @Test("copies names and keys as shown: no byte controls a terminal")
    func hostile() {
        let job = Job(id: JobID("j\u{1B}\n"), name: "$(rm -rf)\u{7}\nx")
        var run = JobRun(id: RunID("r\u{9B}2J", of: job.id), status: .failed)
        run.stateMessage = "\u{1B}[31mno\u{1B}[0m space\u{1B}]52;c;eA==\u{7}\u{202E}"
        var state = Sample.state(size, board: false)
        state.feed(.jobsListed([job], at: Sample.now))
        state.feed(.runs([run], of: [job.id], at: Sample.now))
        state.press(.enter)
        for (letter, text) in [
            ("n", "$(rm -rf)<U+0007><U+000A>x"), ("i", "j<U+001B><U+000A>"), ("r", "r<U+009B>2J"),
            ("m", "no space<U+202E>"), ("c", "no space<U+202E>"),
        ] as [(Character, String)] {
            var state = state
            state.press(.character("Y"))
            #expect(copied(state.press(.character(letter))) == text)
        }
    }

    @Test("the menu matches the golden screen, and fits on a narrow screen")
    func golden() {
        Golden.check(board(.character("Y")).drawn(), "dark/copy-menu-80x24")
        Golden.check(board(.enter, .character("Y"), .down).drawn(), "dark/copy-menu-run-80x24")
        var narrow = board(.character("Y"))
        narrow.resize(rows: 8, columns: 30)
        #expect(narrow.rows().filter { $0.contains("│") }.allSatisfy { $0.count <= 30 })
        #expect(narrow.screenText().contains("n  job name"))
    }
}
