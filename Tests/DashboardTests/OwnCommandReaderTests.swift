import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

/// The output of an own command is read like that of a task, while more of it comes.
@Suite("The output of an own command as a reader")
struct OwnCommandReaderTests {
    /// The board with a command that runs, on whose output the keys are pressed.
    private func state(_ printed: String, _ size: Size = Size(rows: 24, columns: 80), _ keys: Key...) -> DashboardState
    {
        var state = DashboardState(
            place: PlaceLabel(region: "us-ashburn-1", workspace: "lakehouse-prod", profile: "DEFAULT"),
            interval: .seconds(15), appearance: Appearance(theme: Theme(.dark), glyphs: .utf8),
            ownCommands: [
                OwnCommand(
                    name: "logs", key: .character("L"), scope: .job,
                    arguments: ["tail", "-f"].compactMap { try? ArgumentTemplate($0) }, description: "", output: .pager,
                    changesSomething: false)
            ],
            clock: WallClock { _ in 0 }, size: size, now: Sample.now)
        state.feed(.jobsListed([OneRun.job], at: Sample.now))
        state.press(.character("L"))
        print(printed, to: &state)
        _ = state.frame()
        state.press(keys)
        return state
    }

    private func print(_ text: String, to state: inout DashboardState) {
        _ = state.update(.ownCommand(.printed(Array(text.utf8), number: 1)), at: Sample.now)
    }

    private func end(_ end: OwnCommandEnd, _ state: inout DashboardState) throws {
        let call = try #require(state.shownCommand?.call)
        _ = state.update(
            .ownCommand(.ended(end, call, lastLine: "")), at: Sample.now.addingTimeInterval(3))
    }

    private func searched(_ state: inout DashboardState) {
        while state.isSearching { _ = state.update(.searchOn, at: Sample.now) }
    }

    private static let lines = (1...100).map { "line \($0)." }.joined(separator: "\n") + "\n"

    @Test("searches while it grows: the count grows, and n goes to new matches")
    func search() {
        var state = state(Self.lines, Size(rows: 24, columns: 80), .character("g"))
        state.enter("line 9\\d", at: "/")
        #expect(state.matchedRow == "line 90.")
        #expect(state.rows()[1].contains("match 1/10 "))
        print("line 91 again\nline 92 ag", to: &state)
        _ = state.frame()
        searched(&state)
        #expect(state.matchedRow == "line 90.", "a match stays in sight")
        #expect(state.rows()[1].contains("match 1/12 "))
        print("ain, line 93\n", to: &state)
        _ = state.frame()
        searched(&state)
        #expect(state.rows()[1].contains("match 1/13 "), "of a line that goes on all matches count")
        state.press(.character("N"))
        #expect(state.lastRow == " Wrapped to the end.")
        #expect(state.matchedRow == "line 92 again, line 93")
        #expect(state.rows()[1].contains("match 13/13 "))
        state.press(.character("n"))
        #expect(state.lastRow == " Wrapped to the top.")
        state.enter("nowhere", at: "/")
        searched(&state)
        #expect(state.lastRow == " “nowhere” is not in this text.")
    }

    @Test("follows the end again after G, but not after a search, a mark, or opened frames")
    func following() {
        var state = state(Self.lines)
        state.enter("line 100", at: "/")
        print("x\nmore\n", to: &state)
        #expect(!state.screenText().contains("more"))
        state.press(.character("G"))
        print("still more\n", to: &state)
        #expect(state.screenText().contains("still more"))
        state.press(.character("v"))
        print("x\nunseen\n", to: &state)
        #expect(!state.screenText().contains("unseen"))
    }

    @Test("v marks lines, y copies them; Esc ends the marking, then the command, then the screen")
    func marking() throws {
        var state = state(Self.lines, Size(rows: 24, columns: 80), .character("g"))
        state.enter("line 40", at: "/")
        state.press(.character("v"), .down)
        #expect(state.rows()[1].contains("2 marked"))
        expect(&state, pressing: .character("y"), gives: [.copy("line 40.\nline 41.", what: "2 lines")])
        state.press(.character("v"))
        expect(&state, pressing: .escape, gives: [])
        #expect(!state.rows()[1].contains("marked"))
        expect(&state, pressing: .escape, gives: [])
        #expect(!state.rows()[1].contains("match"), "Esc ends the search before it ends the command")
        state.press(.character("v"))
        expect(&state, pressing: .escape, gives: [])
        expect(&state, pressing: .escape, gives: [.ownCommand(.stop(1, byForce: false))])
        state.press(.character("v"))
        expect(&state, pressing: .control("c"), gives: [.ownCommand(.stop(1, byForce: true))])
        try end(.signalled("SIGKILL"), &state)
        state.press(.escape)
        #expect(state.context == .command, "it still marks")
        state.press(.escape)
        #expect(state.context == .jobs)
    }

    @Test("a prompt handles its own keys: Esc and ^C close it, and the command continues")
    func prompts() {
        for key in [Key.escape, .control("c")] {
            var state = state(Self.lines, Size(rows: 24, columns: 80), .character("/"), .character("q"))
            expect(&state, pressing: key, gives: [])
            #expect(state.overlay == nil && state.shownCommand?.isStopping == false)
        }
    }

    @Test("P and E hand it over, s saves it, without the command line and the state")
    func taken() {
        let text = LongText("one\ntwo\n")
        var state = state("one\ntwo\n", Size(rows: 24, columns: 80))
        expect(&state, pressing: .character("P"), gives: [.handOver(text, to: .pager, name: "runtop-logs.txt")])
        expect(&state, pressing: .character("E"), gives: [.handOver(text, to: .editor, name: "runtop-logs.txt")])
        state.press(.character("s"))
        expect(&state, pressing: .enter, gives: [.save(text, path: "runtop-logs.txt")])
        state.press(.character("g"), .character("v"), .character("G"))
        let marked = "$ tail -f\none\ntwo\n[running for 0s; Esc or ^C ends it]"
        expect(&state, pressing: .character("y"), gives: [.copy(marked, what: "4 lines")])
    }

    @Test("folds framework frames as they arrive, and numbers lines if they fit")
    func folding() throws {
        let frames = (1...9).map { "\tat org.apache.spark.rdd.RDD\($0).iterator(RDD.scala:\($0))\n" }
        var state = state("java.io.IOException: x\n" + frames.prefix(4).joined(), Size(rows: 24, columns: 130))
        print(frames.dropFirst(4).joined() + "\tat com.acme.Main.main(Main.scala:3)\n", to: &state)
        #expect(state.rowIndex(of: "  2     … 9 frames of Spark") == nil, "a fold has no number")
        #expect(state.screenText().contains("    … 9 frames of Spark\n 11         at com.acme"))
        state.press(.character("z"))
        #expect(state.screenText().contains("  2         at org.apache.spark.rdd.RDD1"))
        try end(.exited(1), &state)
        #expect(state.screenText().contains("\n     [ended with status 1") == false, "how it stands has no number")
        #expect(state.screenText().contains("\n[ended with status 1"))
        Golden.check(state.drawn(), "dark/own-command-reader-130x24")
    }

    @Test("c goes to the line that names a cause, during and after the command")
    func cause() throws {
        var state = state(Self.lines + "KeyError: 'id'\n" + Self.lines, Size(rows: 24, columns: 80), .character("c"))
        #expect(state.screenText().contains("KeyError: 'id'"))
        print("x\nmore\n", to: &state)
        #expect(state.screenText().contains("KeyError: 'id'"), "it stays in sight")
        var none = self.state("all is well\n", Size(rows: 24, columns: 80), .character("c"))
        #expect(none.lastRow == " No line of this text names a cause.")
        try end(.exited(0), &none)
        #expect(none.shownDocument?.trace.rootCause == nil)
    }

    @Test(
        "when the oldest lines are dropped, scroll position, marks, matches and numbers stay with their lines")
    func dropping() throws {
        let line = String(repeating: "x", count: 92)
        func lines(_ numbers: ClosedRange<Int>) -> String {
            numbers.map { "\($0) ".padding(toLength: 7, withPad: " ", startingAt: 0) + line + "\n" }.joined()
        }
        var state = state(lines(1...45_000), Size(rows: 24, columns: 130))
        state.press(.character("w"))
        state.enter("^44000 ", at: "/")
        searched(&state)
        #expect(state.rows()[1].contains("match 1/1 "))
        let row = try #require(state.matchedRow)
        #expect(row.hasPrefix("44000 44000  xxx"))
        print(lines(45_001...60_000), to: &state)
        _ = state.frame()
        searched(&state)
        #expect(state.matchedRow == row)
        #expect(state.rows()[1].contains("match 1/1 "))
        let dropped = try #require(state.shownDocument?.trace.lines.droppedLines)
        #expect(dropped > 0)
        state.press(.character("g"))
        #expect(state.screenText().contains("\(dropped + 1) \(dropped + 1)  xxx"))
        #expect(state.screenText().contains("[\(dropped) lines left out here"))
        state.press(.character("n"))
        #expect(state.matchedRow == row)
    }

    @Test("a character that arrives in two pieces is one, and an incomplete one is shown as such")
    func pieces() throws {
        var output = OwnCommandOutput()
        let bytes = Array("é€😀\n".utf8)
        for byte in bytes { output.append([byte]) }
        #expect(output.trace.lines.plainText == "é€😀")
        output.append([0xE2, 0x82])
        #expect(output.trace.lines.count == 1)
        output.finish()
        #expect(output.trace.lines.plainText == "é€😀\n\u{FFFD}")
    }

    @Test("the help and the footer of its screen list the reader's keys")
    func help() {
        var state = state(Self.lines, Size(rows: 24, columns: 200))
        for word in ["/ search", "n next match", "v mark", "s save", "P pager", "E editor", "z frames", "c cause"] {
            #expect(state.lastRow.contains(word), "missing: \(word)")
        }
        state.press(.character("?"))
        state.resize(rows: 120, columns: 100)
        #expect(state.screenText().contains("search for a regular expression"))
    }
}
