import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

/// The operator's own commands: what their arguments become, and what the keys do.
@Suite("Own commands")
struct OwnCommandTests {
    let size = Size(rows: 24, columns: 80)

    private static func command(
        _ name: String, _ arguments: [String], key: Character? = nil, scope: OwnCommand.Scope = .job,
        output: OwnCommand.Output = .pager, changes: Bool = false
    ) -> OwnCommand {
        OwnCommand(
            name: name, key: key.map { .character($0) }, scope: scope,
            arguments: arguments.compactMap { try? ArgumentTemplate($0) }, description: "a test", output: output,
            changesSomething: changes)
    }

    private static let commands = [
        command("show-job", ["show", "{job.key}", "--name={job.name}"], key: "L"),
        command("show-run", ["show", "{run.key}", "{run.status}", "{cause}"], key: "L", scope: .run),
        command("restart", ["kubectl", "delete", "{job.key}"], key: "D", changes: true),
        command("note", ["note", "{place}"], output: .none),
        command(
            "show-task", ["show", "{run.key}", "{task.key}", "{task.name}", "{task.status}"], key: "L", scope: .task),
    ]

    private func board(
        _ keys: Key..., job: Job = OneRun.job, run: JobRun = OneRun.run(trace: "KeyError: 'id'"), allows: Bool = false
    ) -> DashboardState {
        var state = DashboardState(
            place: PlaceLabel(region: "us-ashburn-1", workspace: "lakehouse-prod", profile: "DEFAULT"),
            interval: .seconds(15), appearance: Appearance(theme: Theme(.dark), glyphs: .utf8),
            ownCommands: Self.commands, clock: WallClock { _ in 0 }, actions: ActionsState(isAllowed: allows),
            size: size, now: Sample.now)
        state.feed(.jobsListed([job], at: Sample.now))
        state.feed(.runs([run], of: [job.id], at: Sample.now))
        state.press(keys)
        return state
    }

    private func ran(_ effects: [Effect]) -> OwnCommandCall? {
        guard case .ownCommand(.run(let call, _))? = effects.first else { return nil }
        return call
    }

    // MARK: Arguments

    @Test(
        "a value stays within its argument, whatever it contains",
        arguments: ["$(rm -rf ~)", "; x", "a\nb", "-rf", "--", "'\"`", "{job.key}", "a b  c", "*", "\u{1B}[2J", "é"])
    func hostile(value: String) throws {
        let template = try ArgumentTemplate("{job.name}")
        #expect(try template.filled { _ in value } == value)
        #expect(try ArgumentTemplate("--x={job.name}.log").filled { _ in value } == "--x=\(value).log")
        var job = OneRun.job
        job.name = value
        var state = board(job: job)
        #expect(ran(state.press(.character("L")))?.arguments == ["show", "job", "--name=\(value)"])
    }

    @Test("other braces are text, doubled ones are one, and an unknown name is refused")
    func braces() throws {
        func filled(_ source: String) throws -> String {
            try ArgumentTemplate(source).filled { "<\($0.rawValue)>" }
        }
        #expect(try filled(#"{"job": "{job.key}"}"#) == #"{"job": "<job.key>"}"#)
        #expect(try filled("{{job.key}") == "{job.key}")
        #expect(try filled("{job.key}{cause}") == "<job.key><cause>")
        for text in ["{", "{}", "{Job}", "{job key}", "{1}", "a{", "}"] { #expect(try filled(text) == text) }
        for name in ["job.nme", "env", "task.nme"] {
            #expect(throws: ArgumentTemplate.Unknown(name: name)) { try ArgumentTemplate("{\(name)}") }
        }
    }

    @Test("a missing value, or one that no argument can contain, refuses the command with a sentence")
    func absent() {
        var state = board(.enter, run: OneRun.run(.success))
        #expect(state.press(.character("L")) == [])
        #expect(state.lastRow == " show-run was not run: this run has no {cause}.")
        #expect(state.screenShown == .runs)
        let keyless = Job(id: JobID(""), name: "x")
        state = board(job: keyless, run: JobRun(id: RunID("r", of: keyless.id), status: .failed))
        #expect(state.press(.character("L")) == [])
        #expect(state.lastRow == " show-job was not run: this job has no {job.key}.")
        let nul = Job(id: JobID("a\0b"), name: "x")
        state = board(job: nul, run: JobRun(id: RunID("r", of: nul.id), status: .failed))
        #expect(state.press(.character("L")) == [])
        #expect(state.lastRow == " show-job was not run: {job.key} of this job has a NUL character.")
    }

    // MARK: Keys and screens

    @Test("a key runs the command of its screen on the selected row")
    func keys() {
        var state = board()
        #expect(ran(state.press(.character("L")))?.arguments == ["show", "job", "--name=orders"])
        state = board(.enter)
        #expect(ran(state.press(.character("L")))?.arguments == ["show", "run", "FAILED", "KeyError: 'id'"])
        state = board(.character("e"))
        #expect(ran(state.press(.character("L")))?.arguments == ["show", "run", "FAILED", "KeyError: 'id'"])
        state = board(.character("d"))
        #expect(ran(state.press(.character("L")))?.arguments == ["show", "job", "--name=orders"])
        state = board(.character("/"), .character("z"), .enter)
        #expect(state.press(.character("L")) == [], "nothing is selected")
        #expect(state.lastRow == " No job matches. Esc shows all of them.")
    }

    @Test("in the table of tasks and in an output, it runs on the task")
    func tasks() {
        var task = TaskRun(key: "t1", status: .failed)
        (task.taskKey, task.name) = ("load", "Load it")
        let expected = ["show", "run", "load", "Load it", "FAILED"]
        var state = board(.enter, .enter)
        state.feed(.tasksListed([task], of: OneRun.key, at: Sample.now))
        state.press(.enter)
        #expect(ran(state.press(.character("L")))?.arguments == expected)
        state = board(.enter, .enter)
        state.feed(.tasksListed([task], of: OneRun.key, at: Sample.now))
        state.press(.enter, .enter)
        #expect(ran(state.press(.character("L")))?.arguments == expected)
        state = board(.enter, .enter, .enter)
        #expect(state.press(.character("L")) == [])
        #expect(state.lastRow.hasPrefix(" show-task was not run: this task has no {task.key}"))
    }

    @Test("Tab completes names, and only commands of the screen can be typed")
    func palette() {
        var state = board(.character(":"))
        state.type("show")
        #expect(state.rows()[22] == " show-job")
        state.press(.tab)
        #expect(ran(state.press(.enter))?.name == "show-job")
        state = board()
        #expect(ran(state.enter("note", at: ":"))?.arguments == ["note", "lakehouse-prod"])
        #expect(state.lastRow == " Running: note lakehouse-prod")
        state = board()
        state.enter("show-run", at: ":")
        #expect(state.lastRow == " No command “show-run”; : lists them.")
        state.enter("show-job 1", at: ":")
        #expect(state.lastRow == " show-job takes no value: type it alone.")
    }

    @Test("the help of a screen lists its commands with their arguments")
    func help() {
        var state = board(.character("?"))
        state.resize(rows: 120, columns: 100)
        let text = state.rows().map { $0.split(separator: " ").joined(separator: " ") }
        #expect(text.contains("Your own commands on this screen"))
        #expect(text.contains("L :show-job a test: show '{job.key}' '--name={job.name}'"))
        #expect(text.contains("D :restart a test: kubectl delete '{job.key}' (asks first)"))
        #expect(!text.contains { $0.contains(":show-run") })
    }

    // MARK: Output

    private func send(_ text: String, to state: inout DashboardState, _ number: Int = 1) {
        _ = state.update(.ownCommand(.printed(Array(text.utf8), number: number)), at: Sample.now)
    }

    private func end(_ end: OwnCommandEnd, _ call: OwnCommandCall, _ state: inout DashboardState, last: String = "") {
        _ = state.update(
            .ownCommand(.ended(end, call, lastLine: last)), at: Sample.now.addingTimeInterval(3))
    }

    @Test("its screen shows the command line, the output as it arrives, and how it ended")
    func output() throws {
        var state = board()
        let call = try #require(ran(state.press(.character("L"))))
        send("first\nsec", to: &state)
        #expect(
            state.screenText().contains("$ show job --name=orders\nfirst\nsec\n[running for 0s; Esc or ^C ends it]"))
        send("ond\n\u{1B}[31mred\u{1B}[0m \u{1B}]0;title\u{7}\u{1B}c", to: &state)
        #expect(state.screenText().contains("first\nsecond\nred <U+001B>c\n[running"))
        Golden.check(state.drawn(), "dark/own-command-80x24")
        end(.exited(3), call, &state)
        #expect(state.screenText().contains("\n[ended with status 3 after 3s]"))
        let copied = state.press(.character("y"))
        #expect(copied == [.copy("first\nsecond\nred <U+001B>c", what: "the output (3 lines)")])
        state.press(.character("s"))
        #expect(
            state.press(.enter).savedText == ["first\nsecond\nred <U+001B>c", "runtop-show-job.txt"])
        state.press(.escape)
        #expect(state.screenShown == .jobs)
    }

    @Test("Esc, q and ^C end a running command, the second time by force; then Esc closes the screen")
    func stopping() throws {
        for key in [Key.escape, .character("q"), .control("c")] {
            var state = board()
            let call = try #require(ran(state.press(.character("L"))))
            #expect(state.press(key) == [.ownCommand(.stop(1, byForce: false))])
            #expect(state.screenText().contains("[asked to end; Esc ends it by force]"))
            #expect(state.press(key) == [.ownCommand(.stop(1, byForce: true))])
            end(.signalled("SIGTERM"), call, &state)
            #expect(state.screenText().contains("[ended by SIGTERM after 3s]"))
            #expect(state.press(.escape) == [])
            #expect(state.screenShown == .jobs)
        }
    }

    @Test("the end of the output stays visible while it grows, unless the user has scrolled up")
    func follow() {
        var state = board(.character("L"))
        send((1...100).map { "line \($0)\n" }.joined(), to: &state)
        #expect(state.screenText().contains("line 100"))
        send((101...200).map { "line \($0)\n" }.joined(), to: &state)
        #expect(state.screenText().contains("line 200"))
        _ = state.frame()
        state.press(.character("g"))
        _ = state.frame()
        send("more\n", to: &state)
        #expect(state.screenText().contains("line 1\n") && !state.screenText().contains("more"))
    }

    @Test("keeps the end of a long output, and shows how much was dropped")
    func bounded() {
        var output = OwnCommandOutput()
        let line = String(repeating: "x", count: 99) + "\n"
        for _ in 0..<60 { output.append(Array(String(repeating: line, count: 1_000).utf8)) }
        let kept = output.trace.lines
        #expect(kept.count + kept.droppedLines == 60_000)
        #expect(kept.count * 100 <= OwnCommandOutput.mostBytes)
        #expect(kept.count * 100 > OwnCommandOutput.mostBytes / 2)
        var long = OwnCommandOutput()
        for _ in 0..<20 { long.append(Array(repeating: UInt8(ascii: "y"), count: 10_000)) }
        #expect(long.trace.lines.count == 13, "a line without an end is cut")
        var state = board(.character("L"))
        for _ in 0..<60 { send(String(repeating: line, count: 1_000), to: &state) }
        _ = state.frame()
        state.press(.character("g"))
        #expect(state.screenText().contains(" lines left out here: the last 5 MB and 50000 lines are kept]"))
    }

    @Test("a command without a screen shows how it ended, and the last line of a failure")
    func noScreen() throws {
        var state = board()
        let call = try #require(ran(state.enter("note", at: ":")))
        #expect(state.screenShown == .jobs)
        end(.exited(0), call, &state)
        #expect(state.lastRow == " note ended with status 0.")
        end(.exited(2), call, &state, last: "\u{1B}[31mno such file\u{1B}[0m")
        #expect(state.lastRow == " note ended with status 2: no such file")
        end(.notStarted(reason: "No such file or directory"), call, &state)
        #expect(state.lastRow == " note could not be started: No such file or directory.")
    }

    // MARK: What changes something

    @Test("if read-only, refuses a command that changes something, by key and by name")
    func readOnly() {
        var state = board()
        #expect(state.press(.character("D")) == [])
        #expect(state.lastRow.hasPrefix(" Read-only: to allow actions"))
        #expect(state.enter("restart", at: ":") == [])
        #expect(state.lastRow.hasPrefix(" Read-only: to allow actions"))
    }

    @Test("if actions are allowed, asks with the command line; only yes runs it")
    func question() throws {
        var state = board(.character("D"), allows: true)
        Golden.check(state.drawn(), "dark/own-command-question-80x24")
        #expect(state.screenText().contains("$ kubectl delete job"))
        state.painted(at: Sample.now)
        var refused = state
        #expect(refused.update(.key(.enter), at: Sample.now.addingTimeInterval(1)) == [])
        #expect(refused.lastRow == " Nothing was sent.")
        let waiting = state.update(.key(.character("y")), at: Sample.now.addingTimeInterval(1))
        guard case .action(.waitForQuiet(let number))? = waiting.first else {
            Issue.record("it does not wait: \(waiting)")
            return
        }
        let effects = state.update(.action(.quiet(number)), at: Sample.now.addingTimeInterval(2))
        let call = try #require(ran(effects))
        #expect(call.arguments == ["kubectl", "delete", "job"])
        #expect(effects == [.ownCommand(.run(call, confirmed: .yes))])
    }

    @Test("is refused if its job has been removed since the question")
    func gone() {
        var state = board(.character("D"), allows: true)
        state.painted(at: Sample.now)
        state.feed(.jobsListed([], at: Sample.now))
        #expect(state.update(.key(.character("y")), at: Sample.now.addingTimeInterval(1)) == [])
        #expect(state.lastRow.contains("no longer listed"))
    }
}
