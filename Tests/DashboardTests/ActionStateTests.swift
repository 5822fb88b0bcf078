import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

/// Marks, the form of parameters, what becomes of actions on the screen, and what read-only leaves out.
@Suite("Actions on the screen")
struct ActionStateTests {
    static func record(
        _ outcome: ActionRecord.Outcome, job: JobID = ActionSample.job, answer: String = "The run is QUEUED.",
        after seconds: Double = 0
    ) -> ActionRecord {
        let target = ActionTarget(
            job: job, jobName: "gold_revenue_daily", run: RunID("job-4-run-5", of: job), known: .init(status: .failed))
        return ActionRecord(
            id: "token", action: RunAction(.repair(RunRepair()), of: target),
            begun: Sample.now.addingTimeInterval(seconds),
            actor: .init(systemUser: "ada", principal: "ocid1.user.oc1..ada"), placeName: "lakehouse-prod",
            outcome: outcome, answer: answer,
            ended: outcome == .sent ? nil : Sample.now.addingTimeInterval(seconds + 1),
            requestID: "8B1F/1")
    }

    // MARK: Marks

    @Test("space marks jobs; the action applies to them, the question names each; then the marks are gone")
    func marks() throws {
        var state = ActionSample.state()
        state.press(.character(" "), .character(" "), .character(" "))
        #expect(state.rows()[1].contains("3 marked"), "\(state.rows()[1])")
        #expect(state.tableRows.count { $0.hasPrefix("*") } == 3)
        state.press(.character("R"))
        #expect(state.screenText().contains("Repair these 3 runs?"))
        for name in ["gold_revenue_daily", "ml_churn_features", "geo_enrichment"] {
            #expect(state.screenText().contains("job   \(name)"))
        }
        state.look()
        #expect(DashboardState.requests(state.sayYes()).count == 3)
        #expect(!state.rows()[1].contains("marked"))
    }

    @Test("a mark stays with its job when rows move, and is removed with a message when the job is gone")
    func marksMove() {
        var state = ActionSample.state()
        state.press(.character(" "))
        state.press(.character("S"))
        #expect(state.row(of: "gold_revenue_daily").hasPrefix("*"))
        state.feed(.jobsListed(Sample.jobs.filter { $0.id != ActionSample.job }, at: Sample.now))
        _ = state.frame()
        #expect(state.lastRow.contains("1 mark dropped: its row is gone."), "\(state.lastRow)")
        #expect(!state.rows()[1].contains("marked"))
    }

    @Test("removes a stale mark even if the next key is an action, which then affects nothing else")
    func staleMark() {
        var state = ActionSample.state()
        state.press(.character(" "))
        state.feed(.jobsListed(Sample.jobs.filter { $0.id != ActionSample.job }, at: Sample.now))
        state.press(.character("R"))
        #expect(!state.screenText().contains("gold_revenue_daily"))
    }

    @Test("leaves out a marked row that a filter hides, with a message")
    func hiddenMark() throws {
        var state = ActionSample.state()
        state.press(.character(" "), .character(" "))
        state.enter("gold", at: "/")
        state.press(.character("R"))
        #expect(state.screenText().contains("Repair this run?"))
        #expect(state.screenText().contains("1 marked row skipped"), "\(state.screenText())")
        state.press(.escape)
        state.enter("nothing-like-it", at: "/")
        state.press(.character("R"))
        #expect(!state.isAsking)
        #expect(state.lastRow.contains("marked rows are not in the table"), "\(state.lastRow)")
    }

    @Test("Esc first removes the marks, then the filter, then closes the screen")
    func escape() {
        var state = ActionSample.state()
        state.enter("gold", at: "/")
        state.press(.character(" "), .escape)
        #expect(!state.rows()[1].contains("marked"))
        #expect(state.rows()[1].contains("filter gold"))
        state.press(.enter, .character(" "), .escape)
        #expect(state.screenShown == .runs)
        state.press(.escape)
        #expect(state.screenShown == .jobs)
    }

    @Test("runs can be marked; those that do not suit the action are left out, with a message")
    func markedRuns() {
        var state = ActionSample.state()
        state.press(.enter, .character(" "), .character(" "), .character("R"))
        #expect(state.screenText().contains("Repair this run?"))
        #expect(state.screenText().contains("1 left out"), "\(state.screenText())")
    }

    @Test("space pages down in a text, and marks in a table")
    func space() {
        var state = OneRun.reading()
        state.press(.character(" "))
        #expect(state.linesInSight.first != 1)
        #expect(Keymap.standard.intent(for: .character(" "), in: .jobs) == .mark)
        #expect(Keymap.standard.intent(for: .character(" "), in: .run) == .scrollPage)
    }

    // MARK: The form

    @Test("T shows the parameters in a form, and sends those that differ from the job's own after the question")
    func form() throws {
        var state = ActionSample.state()
        let effects = state.press(.character("T"))
        guard case .action(.askParameters(let target))? = effects.first else {
            Issue.record("it asks for the parameters: \(effects)")
            return
        }
        #expect(state.screenText().contains("asking the service for its parameters"))
        #expect(state.press(.enter, .character("x")) == [], "nothing to send yet")
        let own = [RunParameter(name: "day", value: "1"), RunParameter(name: "full", value: "no")]
        _ = state.update(.action(.parameters(own: own, ofRun: nil, of: target)), at: state.now)
        #expect(state.screenText().contains("> day=1"))
        state.press(.backspace, .character("2"), .down, .down)
        state.type("extra=a=b")
        state.press(.enter)
        #expect(state.screenText().contains("A new run starts, with day=2, extra=a=b"), "\(state.screenText())")
        state.look()
        let request = try #require(DashboardState.requests(state.sayYes()).first)
        #expect(request.action.verb == .trigger([.init(name: "day", value: "2"), .init(name: "extra", value: "a=b")]))
        #expect(request.action.target.run == nil)
    }

    @Test("a line that is not NAME=VALUE is refused; Esc cancels")
    func wrongLine() {
        var state = ActionSample.state()
        state.press(.character("T"))
        let target = ActionTarget(job: ActionSample.job, jobName: "gold_revenue_daily")
        _ = state.update(.action(.parameters(own: [], ofRun: nil, of: target)), at: state.now)
        state.type("nonsense")
        state.press(.enter)
        #expect(state.screenText().contains("“nonsense” is not NAME=VALUE."))
        state.press(.escape)
        #expect(!state.screenText().contains("NAME=VALUE"))
    }

    @Test("the parameters of another job do not appear in the form")
    func otherForm() {
        var state = ActionSample.state()
        state.press(.character("T"))
        let other = ActionTarget(job: JobID("job-9"), jobName: "other")
        _ = state.update(.action(.parameters(own: [], ofRun: nil, of: other)), at: state.now)
        #expect(state.screenText().contains("asking the service"))
    }

    // MARK: What becomes of it

    @Test("the row shows the action and its age; after two minutes the job's own reason")
    func row() {
        var state = ActionSample.state(Size(rows: 24, columns: 200))
        _ = state.update(.action(.record(Self.record(.sent))), at: Sample.now.addingTimeInterval(12))
        #expect(state.row(of: "gold_revenue_daily").contains("repair sent 12s ago by you"))
        let effects = state.update(.action(.record(Self.record(.confirmed))), at: Sample.now.addingTimeInterval(13))
        #expect(effects == [.poll(.refreshNow)], "the poller looks at once")
        #expect(state.row(of: "gold_revenue_daily").contains("repaired 13s ago by you"))
        #expect(state.lastRow.contains("The run is QUEUED."))
        state.tick(after: 200)
        #expect(state.row(of: "gold_revenue_daily").contains("failed, last OK"))
    }

    @Test("a row says that an action is in progress until its record comes, also when it was not permitted")
    func inProgress() {
        var state = ActionSample.state(Size(rows: 24, columns: 120))
        state.press(.character("R"))
        state.look()
        #expect(DashboardState.requests(state.sayYes()).count == 1)
        #expect(state.row(of: "gold_revenue_daily").contains("repair in progress"))
        #expect(state.actions.isUnderWay)
        var refused = state
        _ = state.update(.action(.record(Self.record(.sent))), at: state.now)
        #expect(state.row(of: "gold_revenue_daily").contains("repair sent"))
        _ = refused.update(.action(.notPermitted("Actions are off.")), at: refused.now)
        #expect(!refused.row(of: "gold_revenue_daily").contains("in progress"))
        #expect(!refused.actions.isUnderWay)
    }

    @Test("Esc on the table of jobs hides the note about an unconfirmed action; its row keeps it")
    func hidden() {
        var state = ActionSample.state(Size(rows: 24, columns: 120))
        _ = state.update(.action(.record(Self.record(.unconfirmed))), at: Sample.now)
        state.tick(after: 20)
        #expect(state.screenText().contains("Esc hides this."))
        state.press(.escape)
        #expect(!state.screenText().contains("Esc hides this."))
        #expect(state.row(of: "gold_revenue_daily").contains("sent, not confirmed"))
    }

    @Test("“sent, not confirmed” stays in the row and in the banner on every screen until more is known")
    func unconfirmed() {
        var state = ActionSample.state(Size(rows: 24, columns: 120))
        _ = state.update(.action(.record(Self.record(.unconfirmed))), at: Sample.now)
        state.tick(after: 4_000)
        #expect(
            state.tableRows.contains { $0.contains("gold_revenue_daily") && $0.contains("sent, not confirmed") })
        state.press(.enter, .enter)
        #expect(
            state.screenText().contains("repair of gold_revenue_daily: sent, not confirmed"), "\(state.screenText())")
        _ = state.update(.action(.record(Self.record(.confirmed))), at: state.now)
        #expect(!state.screenText().contains("not confirmed"))
    }

    @Test("J shows the journal, newest first, with user, action, answer and request")
    func journal() {
        var state = ActionSample.state()
        #expect(state.press(.character("J")) == [.action(.readJournal)])
        #expect(state.screenText().contains("Reading the journal."))
        let hostile = Self.record(.refused, answer: "no\u{1B}[31m\u{202E}")
        _ = state.update(
            .action(.journal([Self.record(.unconfirmed), hostile], note: "No history is kept.")), at: state.now)
        let screen = state.screenText()
        for text in [
            "No history is kept.", "repair gold_revenue_daily (resume): sent, not confirmed",
            "ada, ocid1.user.oc1..ada",
            "8B1F/1", "lakehouse-prod", "job-4-run-5", "<U+001B>[31m<U+202E>",
        ] { #expect(screen.contains(text), "\(text)\n\(screen)") }
        state.press(.escape)
        #expect(state.screenShown == .jobs)
    }

    @Test("quitting during an action warns once, and then quits")
    func quitting() {
        var state = ActionSample.state()
        _ = state.update(.action(.record(Self.record(.sent))), at: Sample.now)
        #expect(state.press(.character("q")) == [])
        #expect(state.lastRow.contains("An action is under way"), "\(state.lastRow)")
        #expect(state.press(.character("q")) == [.quit])
        var over = ActionSample.state()
        _ = over.update(.action(.record(Self.record(.confirmed))), at: Sample.now)
        #expect(over.enter("quit", at: ":") == [.quit])
    }

    // MARK: Read-only

    @Test("if actions are off, no key and no command opens a question on any screen")
    func readOnly() {
        let ways: [[Key]] = [[], [.enter], [.character("d")], [.enter, .enter]]
        for way in ways {
            for context in KeyContext.allCases {
                for intent in Keymap.intents(in: context) where intent != .suspend {
                    var state = Sample.state(Size(rows: 24, columns: 80))
                    state.press(way)
                    let keys = Keymap.standard.keys(for: intent)
                    let effects = keys.flatMap { key -> [Effect] in
                        let opened = state.press(key)
                        state.look()
                        return opened + state.sayYes() + state.press(.enter)
                    }
                    #expect(DashboardState.requests(effects).isEmpty, "\(intent)")
                }
            }
            for line in ["repair", "repair rerun", "repair load", "trigger", "trigger a=b", "cancel"] {
                var state = Sample.state(Size(rows: 24, columns: 80))
                state.press(way)
                state.enter(line, at: ":")
                #expect(state.lastRow.contains("Read-only"), "\(line): \(state.lastRow)")
                state.look()
                #expect(DashboardState.requests(state.sayYes()).isEmpty)
                #expect(!state.isAsking)
            }
        }
    }

    @Test("the header shows whether actions are allowed, and the footer shows their keys only then")
    func header() {
        for columns in [70, 80, 120, 200] {
            let size = Size(rows: 24, columns: columns)
            #expect(Sample.state(size).rows()[0].contains("read-only"))
            #expect(ActionSample.state(size).rows()[0].contains("actions on"))
        }
        #expect(ActionSample.state().lastRow.contains("R repair"))
        #expect(!Sample.state(Size(rows: 24, columns: 80)).lastRow.contains("repair"))
    }

    // MARK: Whole screens

    enum View: String, CaseIterable {
        case repair, cancel, marked, form, protected, changed, journal
    }

    @Test("the screens of actions match the golden ones", arguments: View.allCases)
    func golden(_ view: View) {
        for size in [Size(rows: 24, columns: 80), Size(rows: 60, columns: 200), Size(rows: 5, columns: 20)] {
            var state = ActionSample.state(size, isProtected: view == .protected)
            switch view {
            case .repair, .protected: state.press(.character("R"))
            case .cancel: state.press(.down, .down, .down, .character("X"))
            case .marked: state.press(.character(" "), .character(" "), .character("R"))
            case .form:
                state.press(.character("T"))
                let target = ActionTarget(job: ActionSample.job, jobName: "gold_revenue_daily")
                let own = [RunParameter(name: "day", value: "2026-05-01"), RunParameter(name: "full", value: "no")]
                _ = state.update(.action(.parameters(own: own, ofRun: nil, of: target)), at: state.now)
            case .changed:
                state.press(.character("R"))
                var run = state.board[ActionSample.job]!.runs.first { $0.id == ActionSample.run }!
                run.status = .running
                state.feed(.runs([run], of: [ActionSample.job], at: Sample.now))
            case .journal:
                state.press(.character("J"))
                _ = state.update(
                    .action(.journal([Self.record(.confirmed), Self.record(.unconfirmed)], note: nil)), at: state.now)
            }
            Golden.check(state.drawn(), "actions/\(view.rawValue)-\(size.columns)x\(size.rows)")
        }
    }
}
