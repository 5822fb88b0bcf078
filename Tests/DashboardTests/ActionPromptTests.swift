import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

/// The question before an action: what it says, and which keys are a yes.
@Suite("The question before an action")
struct ActionPromptTests {
    @Test("R, then y repairs the newest failed run of the selected job")
    func repair() throws {
        var state = ActionSample.state()
        state.press(.character("R"))
        let screen = state.screenText()
        for text in [
            "Repair this run?", "gold_revenue_daily", "job-4-run-5", "INTERNAL_ERROR", "lakehouse-prod (us-ashburn-1)",
            "did not succeed run again", "any other key: No",
        ] { #expect(screen.contains(text), "\(text)") }
        state.look()
        let request = try #require(DashboardState.requests(state.sayYes()).first)
        #expect(request.action.verb == .repair(RunRepair(.resume)))
        #expect(request.action.target.run == ActionSample.run)
        #expect(request.action.target.known?.status == .internalError)
        #expect(request.confirmation == .yes)
        #expect(!state.isAsking)
    }

    @Test(
        "every other key means No, including the one that opened the question and those that move",
        arguments: [
            Key.enter, .escape, .character("n"), .character("R"), .character("Y"), .character(" "), .down, .up,
            .character("j"), .pageDown, .control("c"), .character("q"), .function(5), .backspace, .character("T"),
        ])
    func no(_ key: Key) {
        var state = ActionSample.state()
        state.press(.character("R"))
        state.look()
        #expect(DashboardState.requests(state.press(key, key)).isEmpty)
        var quiet = ActionSample.state()
        quiet.press(.character("R"))
        quiet.look()
        #expect(quiet.press(key) == [])
        #expect(!quiet.isAsking)
        #expect(quiet.lastRow.contains("Nothing was sent."), "\(quiet.lastRow)")
    }

    @Test("drops typed-ahead keys: before the question is painted, and until a pause after that")
    func typedAhead() {
        var state = ActionSample.state()
        state.press(.character("R"), .character("y"), .enter, .character("y"))
        #expect(state.isAsking, "not painted yet")
        _ = state.frame()
        state.painted(at: Sample.now)
        // Keys that come every tenth of a second, as a held key does, are never heard.
        for tenth in 1...20 {
            let effects = state.update(.key(.character("y")), at: Sample.now.addingTimeInterval(Double(tenth) / 10))
            #expect(effects == [])
        }
        #expect(state.isAsking)
        let effects = state.update(.key(.character("y")), at: Sample.now.addingTimeInterval(2.4))
        #expect(effects.count == 1, "after a pause it counts")
    }

    @Test("Esc works at once")
    func escape() {
        var state = ActionSample.state()
        state.press(.character("R"), .escape)
        #expect(!state.isAsking)
    }

    @Test("pasted text does not answer, with paste marks or as a burst of keys")
    func pasted() {
        var state = ActionSample.state()
        state.press(.character("R"))
        state.look()
        #expect(state.press(.paste("y"), .paste("yes\n")) == [])
        #expect(state.isAsking)
        let effects = state.press(.character("y"))
        guard case .action(.waitForQuiet(let number))? = effects.first else {
            Issue.record("the yes waits for a pause: \(effects)")
            return
        }
        #expect(state.press(.character("e"), .character("s"), .enter).isEmpty)
        #expect(state.update(.action(.quiet(number)), at: state.now) == [])
        #expect(!state.isAsking)
    }

    @Test("the rest of a burst that closed the question does nothing on the screen below")
    func restOfBurst() {
        var state = ActionSample.state()
        state.press(.character("R"))
        state.look()
        let start = state.now
        for (index, character) in "no please".enumerated() {
            let moment = start.addingTimeInterval(Double(index) * 0.001)
            _ = state.update(.key(.character(character), readAt: moment), at: moment)
        }
        #expect(!state.isAsking)
        #expect(state.overlay == nil && state.inner.isEmpty)
        #expect(!state.poller.isPaused)
        #expect(state.lastRow.contains("Nothing was sent."), "\(state.lastRow)")
        let later = start.addingTimeInterval(0.2)
        _ = state.update(.key(.character("R"), readAt: later), at: later)
        #expect(state.isAsking, "after a pause, keys count again")
    }

    @Test("a key counts by the time at which it was read, however late it is handled")
    func lateHandling() {
        for (pause, isHeard) in [(0.2, false), (0.4, true)] {
            var state = ActionSample.state()
            state.press(.character("R"))
            state.look(for: 0.1)
            let (start, late) = (state.now, state.now.addingTimeInterval(5))
            // The first comes too soon. A busy program handles both at once.
            _ = state.update(.key(.character("n"), readAt: start), at: late)
            _ = state.update(.key(.character("n"), readAt: start.addingTimeInterval(pause)), at: late)
            #expect(state.isAsking == !isHeard, "after \(pause) s")
        }
    }

    @Test("the pause after a yes to one question does not confirm a later one")
    func laterQuestion() {
        var state = ActionSample.state()
        state.press(.character("R"))
        state.look()
        state.press(.character("y"), .escape, .character("X"))
        state.look()
        #expect(state.update(.action(.quiet(1)), at: state.now) == [])
    }

    @Test("the question keeps its run when rows move")
    func rowsMove() throws {
        var moved = ActionSample.state()
        moved.press(.character("R"))
        moved.look()
        var worse = JobRun(id: RunID("worse", of: JobID("job-0")), status: .failed)
        worse.created = Sample.now
        moved.feed(.runs([worse], of: [JobID("job-0")], at: Sample.now))
        _ = moved.frame()
        #expect(moved.jobs.rows.first != ActionSample.job, "the first row is another job now")
        #expect(moved.screenText().contains("job-4-run-5"))
        let request = try #require(DashboardState.requests(moved.sayYes()).first)
        #expect(request.action.target.run == ActionSample.run)
    }

    @Test("a change of the run during the question is shown, and a yes is refused")
    func changes() {
        var state = ActionSample.state()
        state.press(.character("R"))
        state.look()
        var run = state.board[ActionSample.job]!.runs.first { $0.id == ActionSample.run }!
        run.status = .running
        state.feed(.runs([run], of: [ActionSample.job], at: Sample.now))
        #expect(state.screenText().contains("gold_revenue_daily is RUNNING now."))
        #expect(state.screenText().contains("Nothing is sent"))
        #expect(state.press(.character("y")) == [])
        #expect(!state.isAsking)
        #expect(state.lastRow.contains("Nothing was sent."))
    }

    @Test("refuses a yes if the run changes or the job is gone during the pause after it")
    func changesLate() {
        for isGone in [true, false] {
            var state = ActionSample.state()
            state.press(.character("R"))
            state.look()
            state.press(.character("y"))
            if isGone {
                state.feed(.jobsListed(Sample.jobs.filter { $0.id != ActionSample.job }, at: Sample.now))
            } else {
                state.feed(.runs([], of: [ActionSample.job], at: Sample.now))
            }
            #expect(state.update(.action(.quiet(1)), at: state.now) == [])
            #expect(state.lastRow.contains("no longer listed"), "\(state.lastRow)")
        }
    }

    @Test("a protected place requires its exact name")
    func protected() throws {
        for wrong in ["", "y", "lakehouse", "Lakehouse-prod", "lakehouse-test"] {
            var state = ActionSample.state(isProtected: true)
            state.press(.character("R"))
            #expect(state.screenText().contains("The place is protected. Type its name"))
            state.look()
            state.press(.paste("lakehouse-prod"))
            state.type(wrong)
            #expect(state.press(.enter) == [])
            #expect(state.lastRow.contains("not the name of the place"), "\(state.lastRow)")
        }
        var state = ActionSample.state(isProtected: true)
        state.press(.character("R"))
        state.look()
        state.type("lakehouse-prod")
        state.look()
        let request = try #require(DashboardState.requests(state.press(.enter)).first)
        #expect(request.confirmation == .placeName("lakehouse-prod"))
    }

    @Test("a name that is pasted without marks, with an Enter, is no answer")
    func pastedName() {
        var state = ActionSample.state(isProtected: true)
        state.press(.character("R"))
        state.look()
        state.type("lakehouse-prod")
        #expect(state.press(.enter) == [])
        #expect(!state.isAsking)
        #expect(state.lastRow.contains("as when pasted: nothing was sent"), "\(state.lastRow)")
        state.press(.character("C"))
        #expect(state.screenShown == .jobs, "the rest of the burst does nothing")
    }

    @Test("Tab switches between what did not succeed and all tasks; it must be read again before it can be answered")
    func mode() throws {
        var state = ActionSample.state()
        state.press(.character("R"))
        state.look()
        state.press(.tab)
        #expect(state.screenText().contains("All its tasks run again."))
        #expect(state.press(.character("y")) == [], "not painted yet")
        state.look()
        let request = try #require(DashboardState.requests(state.sayYes()).first)
        #expect(request.action.verb == .repair(RunRepair(.rerun)))
    }

    @Test("commands have options that keys do not: the mode, the tasks, the parameters")
    func commands() throws {
        let lines: [(String, RunAction.Verb)] = [
            ("repair rerun", .repair(RunRepair(.rerun))), ("repair", .repair(RunRepair(.resume))),
            ("repair load publish", .repair(RunRepair(.resume, tasks: ["load", "publish"]))),
            ("repair rerun load", .repair(RunRepair(.rerun, tasks: ["load"]))),
            ("trigger day=2 x=", .trigger([.init(name: "day", value: "2"), .init(name: "x", value: "")])),
        ]
        for (line, verb) in lines {
            var state = ActionSample.state()
            state.enter(line, at: ":")
            state.look()
            let request = try #require(DashboardState.requests(state.sayYes()).first, "\(line)")
            #expect(request.action.verb == verb)
        }
        var state = ActionSample.state()
        state.enter("trigger nonsense", at: ":")
        #expect(state.lastRow.contains("not NAME=VALUE"))
    }

    @Test("X cancels the newest active run of the job, and shows a message without one")
    func cancel() throws {
        var state = ActionSample.state()
        state.press(.character("X"))
        #expect(state.lastRow.contains("No run of gold_revenue_daily is active."), "\(state.lastRow)")
        state.enter("orders_retry", at: "/")
        state.press(.character("X"))
        state.look()
        let request = try #require(DashboardState.requests(state.sayYes()).first)
        #expect(request.action.verb == .cancel)
        #expect(request.action.target.known?.status == .running)
    }

    @Test("nothing to repair if the newest result is not a failure")
    func healthy() {
        var state = ActionSample.state()
        state.enter("payments_healed", at: "/")
        state.press(.character("R"))
        #expect(!state.isAsking)
        #expect(state.lastRow.contains("no failed run"), "\(state.lastRow)")
    }

    @Test("the yes key is never one that the settings use for moving or acting")
    func yesKey() throws {
        #expect(Keymap.standard.yesKey == .character("y"))
        let map = try Keymap.standard.remapped([.copy: [], .down: [.character("y")]])
        #expect(map.yesKey == .character("o"))
        #expect(try Keymap.standard.remapped([.copy: [], .repair: [.character("y")]]).yesKey != .character("y"))
    }

    @Test("keys of actions never move, by default or by the settings")
    func keys() {
        for context in KeyContext.allCases {
            for intent in [Intent.repair, .trigger, .cancel] where Keymap.intents(in: context).contains(intent) {
                for key in Keymap.standard.keys(for: intent) {
                    #expect(Keymap.standard.intent(for: key, in: context) == intent)
                }
            }
        }
        #expect(throws: Keymap.Conflict.self) { try Keymap.standard.remapped([.repair: [.character("j")]]) }
    }
}
