import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

@Suite("The filter as it is typed")
struct FilterPromptTests {
    let size = Size(rows: 24, columns: 80)

    private func shown(_ text: String) -> Set<String> {
        var state = Sample.state(size)
        state.press(.character("/"))
        state.type(text)
        _ = state.frame()
        return Set(state.jobs.rows.map(\.key))
    }

    @Test(
        "finds what the screen shows: name, status in full and in short, trigger, who",
        arguments: [
            ("gold", ["job-4", "job-5"]), ("up-fail", ["job-11"]), ("UPSTREAM_F", ["job-11"]), ("stream", ["job-1"]),
            ("canceling", ["job-8"]), ("cancelng", ["job-8"]), ("timeout", ["job-13"]), ("archived", ["job-15"]),
            ("no data", ["job-none"]), ("manual ml_", []), ("manual dbt", ["job-6"]), ("müller ml_", ["job-8"]),
            ("ml_ !müller", ["job-7"]), ("job-stuck", ["job-stuck"]), ("skipped", ["job-3"]),
            ("running", ["job-2", "job-retried", "job-stuck"]), ("silver /", []),
        ] as [(String, Set<String>)])
    func finds(text: String, keys: Set<String>) {
        #expect(shown(text) == keys)
    }

    @Test("the arrows and the page keys move the selection; letters are text")
    func moving() {
        var state = Sample.state(Size(rows: 10, columns: 80))
        state.press(.character("/"))
        for (key, index) in [(Key.down, 1), (.pageDown, 7), (.up, 6), (.pageUp, 0)] {
            state.press(key)
            #expect(state.jobs.cursor.index == index)
        }
        state.press(.down)
        let chosen = state.selectedJob?.id
        state.type("jk")
        #expect(state.jobs.filter.text == "jk")
        state.press(.backspace, .backspace, .enter, .character("S"))
        _ = state.frame()
        #expect(state.selectedJob?.id == chosen, "it was chosen")
    }

    @Test(
        "Esc and ^C restore the filter there was, Enter keeps the new one",
        arguments: [Key.escape, .control("c"), .enter])
    func ending(key: Key) {
        var state = Sample.state(size)
        state.press(.character("/"))
        state.type("gold")
        state.press(.enter, .character("/"))
        #expect(state.rows().last?.hasPrefix("/gold ") == true, "it can be changed")
        state.type("_rev")
        state.press(key)
        #expect(state.jobs.filter.text == (key == .enter ? "gold_rev" : "gold"))
        #expect(state.rows().last?.hasPrefix(" ? help") == true)
    }

    @Test("Backspace in an empty prompt does nothing: held down, it leaves no screen", arguments: ["/", ":"])
    func heldBackspace(prompt: String) {
        var state = Sample.state(size)
        state.press(.enter, .enter)
        state.press(.character(Character(prompt)))
        state.type("trace")
        for _ in 0..<40 { state.press(.backspace) }
        #expect(state.context == .run && state.overlay != nil)
        state.type("x")
        #expect(state.rows().last?.contains("x") == true)
        state.press(.escape)
        #expect(state.overlay == nil && state.context == .run)
        state.press(.escape, .escape, .character("/"))
        for _ in 0..<40 { state.press(.backspace) }
        #expect(state.context == .jobs && state.overlay != nil)
    }

    @Test("^P and ^N go through the filters typed before, and back to the line being typed")
    func history() {
        var state = Sample.state(size)
        for text in ["gold", "ml", "gold", " "] {
            state.press(.character("/"), .control("u"))
            state.type(text)
            state.press(.enter)
        }
        state.press(.character("/"), .control("u"))
        state.type("dr")
        for (key, text) in [
            (Key.control("p"), "gold"), (.control("p"), "ml"), (.control("p"), "ml"), (.control("n"), "gold"),
            (.control("n"), "dr"), (.control("n"), "dr"),
        ] {
            state.press(key)
            #expect(state.jobs.filter.text == text)
        }
        #expect(state.rows().last?.contains("^P earlier") == true)
        state = Sample.state(size)
        state.press(.character("/"))
        #expect(state.rows().last == "/                                         Enter applies  Esc cancels  ^U clears")
    }

    @Test("fifty lines are kept of each prompt")
    func bounded() {
        var typed = TypedHistory()
        for index in 0..<60 {
            typed.addFilter("f\(index)")
            typed.addSearch("s\(index)")
            typed.addCommand("c\(index)")
        }
        typed.addCommand("  ")
        #expect(typed.filters == (10..<60).map { "f\($0)" })
        #expect(typed.searches == (10..<60).map { "s\($0)" })
        #expect(typed.commands == (10..<60).map { "c\($0)" })
    }

    @Test("a search begins where the text stands, not at the match before; an empty one looks for the same again")
    func newSearch() throws {
        var state = Sample.state(size)
        func match() -> Int? {
            guard case .run(let view) = state.inner.last else { return nil }
            return view.pager.match?.line
        }
        state.press(.character("e"), .character("/"))
        state.type("no space left")
        state.press(.enter, .character("g"), .character("/"))
        state.type("task")
        state.press(.enter)
        let first = try #require(match())
        state.press(.character("/"), .enter)
        let second = try #require(match())
        #expect(first < second, "the first is at the top, the empty search goes on from it")
        state.press(.character("g"), .character("/"))
        state.type("task")
        state.press(.enter)
        #expect(match() == first)
    }

    @Test("an empty file name saves nothing")
    func emptyName() {
        var state = Sample.state(size)
        state.press(.character("e"), .character("s"), .control("u"))
        #expect(state.rows().last?.contains("Enter saves  Esc cancels  ^U clears") == true)
        #expect(state.press(.enter) == [])
        #expect(state.overlay == nil)
    }

    @Test("a search is kept as well")
    func searches() {
        var state = Sample.state(size)
        state.press(.character("e"), .character("/"))
        state.type("Caused")
        state.press(.enter, .character("/"), .up)
        #expect(state.rows().last?.hasPrefix("search /Caused") == true)
    }
}

@Suite("Commands")
struct CommandTests {
    let size = Size(rows: 24, columns: 80)

    private func run(_ command: String, on state: inout DashboardState) -> [Effect] {
        state.press(.character(":"))
        state.type(command)
        let effects = state.press(.enter)
        _ = state.frame()
        return effects
    }

    @Test(
        "by name, by the footer's word, and cut short",
        arguments: [
            (KeyContext.jobs, "pause", Command.intent(.pause)), (.jobs, "refr", .intent(.refresh)),
            (.jobs, "interval 30s", .interval(.seconds(30))), (.jobs, "interval 5m", .interval(.seconds(300))),
            (.jobs, "sort name", .sortJobs(.name)), (.jobs, "sort JOB", .sortJobs(.name)),
            (.jobs, "sort time", .sortJobs(.duration)), (.jobs, "sort duration", .sortJobs(.duration)),
            (.jobs, "sort vs", .sortJobs(.ratio)), (.jobs, "sort", .intent(.sort)),
            (.runs, "sort time", .sortRuns(.duration)), (.runs, "sort wait", .sortRuns(.wait)),
            (.runs, "sort", .intent(.sort)), (.jobs, "theme high-contrast", .theme(.highContrast)),
            (.jobs, "filter gold !dbt", .filter("gold !dbt")), (.jobs, "filter", .intent(.filter)),
            (.jobs, "focus late", .focus(.late)), (.jobs, "FOCUS Late", .focus(.late)),
            (.jobs, "focus", .intent(.focus)),
            (.jobs, "q", .intent(.quit)), (.jobs, "quit", .intent(.quit)), (.jobs, "open", .intent(.open)),
            (.jobs, "trace", .intent(.openTrace)), (.run, "cause", .intent(.rootCause)),
            (.run, "root-cause", .intent(.rootCause)), (.run, "next", .intent(.nextView)),
            (.run, "next-view", .intent(.nextView)), (.run, "ca", .intent(.rootCause)),
            (.jobs, "  pause  ", .intent(.pause)),
        ] as [(KeyContext, String, Command)])
    func parsed(context: KeyContext, line: String, command: Command) throws {
        #expect(try Command.parse(line, in: context) == command)
    }

    @Test(
        "what is not a command says why, in a line that fits",
        arguments: [
            (KeyContext.jobs, "", "Type a command; Tab completes it."),
            (.jobs, "fly", "No command “fly”; : lists them."),
            (.jobs, "flyaway-to-the-moon", "No command “flyaway-to-…”; : lists them."),
            (.jobs, "re", "“re” may be: redraw, refresh, reverse."),
            (.jobs, "interval", "interval takes a time from 2s to 1h, such as 15s or 5m."),
            (.jobs, "interval 1s", "“1s” is not a time from 2s to 1h, such as 15s or 5m."),
            (.jobs, "interval 2h", "“2h” is not a time from 2s to 1h, such as 15s or 5m."),
            (.jobs, "theme pink", "theme takes one of: dark, light, high-contrast, color-blind, mono."),
            (.jobs, "theme", "theme takes one of: dark, light, high-contrast, color-blind, mono."),
            (.jobs, "focus bogus", "focus takes one of: all, broken, late, active."),
            (.jobs, "sort wait", "sort takes one of: worst, status, job, started, time, vs, trigger, who."),
            (.runs, "sort started", "sort takes one of: created, status, time, wait, trigger, who."),
            (.jobs, "pause now", "pause takes no value: type it alone."),
            (.jobs, "wrap", "wrap does nothing on this screen."),
            (.jobs, "cause", "cause does nothing on this screen."),
            (.run, "sort time", "sort does nothing on this screen."),
            (.runs, "focus late", "focus does nothing on this screen."),
            (.runs, "filter x", "filter does nothing on this screen."),
            (.jobs, "page-down", "No command “page-down”; : lists them."),
        ] as [(KeyContext, String, String)])
    func misspelt(context: KeyContext, line: String, message: String) {
        #expect(message.count <= 78)
        #expect(throws: Command.Misspelt(message: SafeText(message))) { try Command.parse(line, in: context) }
    }

    @Test("an error is shown, and nothing else changes")
    func errors() {
        var state = Sample.state(size)
        _ = state.frame()
        let before = state.jobs
        #expect(run("focus bogus", on: &state) == [])
        #expect(state.rows().last == " focus takes one of: all, broken, late, active.")
        #expect(state.jobs == before)
        #expect(run("  ", on: &state) == [])
        #expect(state.rows().last?.hasPrefix(" ? help") == true)
    }

    @Test("do what they say")
    func done() {
        var state = Sample.state(size)
        #expect(run("focus late", on: &state) == [])
        #expect(state.jobs.rows.count == 5 && state.screenText().contains("only late"))
        #expect(run("filter ml_", on: &state) == [])
        #expect(state.jobs.rows.map(\.key) == ["job-8"])
        #expect(run("focus all", on: &state) == [])
        #expect(run("sort job", on: &state) == [])
        #expect(state.jobs.order == JobOrder(.name) && state.jobs.rows.map(\.key) == ["job-7", "job-8"])
        #expect(run("theme mono", on: &state) == [])
        #expect(state.appearance.theme.name == .mono)
        #expect(run("interval 30s", on: &state) == [.poll(.setInterval(.seconds(30)))])
        #expect(run("pause", on: &state) == [.poll(.pause)])
        #expect(run("open", on: &state) == [] && state.context == .runs)
        #expect(run("quit", on: &state) == [.quit])
        #expect(run("help", on: &state) == [] && state.context == .help)
    }

    @Test("sort on a job's runs sorts the runs, not the jobs")
    func sortRuns() {
        var state = Sample.state(size)
        state.press(.character("/"))
        state.type("ledger_stuck")
        state.press(.enter, .enter)
        #expect(run("sort duration", on: &state) == [])
        guard case .runs(let view) = state.inner.last else {
            Issue.record("no runs are open")
            return
        }
        #expect(
            view.order == RunOrder(.duration) && view.rows.first == RunID("job-stuck-run-2", of: JobID("job-stuck")))
        #expect(state.jobs.order == JobOrder(.worst))
    }

    @Test("what may be typed is shown above the prompt, and fewer the more is typed")
    func choices() {
        var state = Sample.state(size)
        state.press(.character(":"))
        #expect(state.rows()[21].hasPrefix(" back  copy  faster  filter  focus  help  interval  open  pause  quit"))
        #expect(state.rows()[22].hasPrefix(" refresh  reverse  slower  sort  suspend  theme  trace"))
        state.type("f")
        #expect(state.rows()[22] == " faster  filter  focus")
        #expect(state.rows()[21] != " faster  filter  focus")
        state.type("o")
        #expect(state.rows()[22] == " focus")
        state.press(.tab)
        #expect(state.rows()[23] == ":focus" && state.rows()[22] == " all  broken  late  active")
        state.type("l")
        #expect(state.rows()[22] == " late")
        state.press(.tab)
        #expect(state.rows()[23] == ":focus late" && state.rows()[22] != " late")
        state.press(.enter)
        #expect(state.jobs.filter.focus == .late)
    }

    @Test("where there is little room, the choices that fit are shown, and that there are more")
    func narrowChoices() {
        var state = Sample.state(Size(rows: 12, columns: 40))
        state.press(.character(":"))
        #expect(state.rows()[10].hasSuffix(" ...") && state.rows()[9].hasPrefix(" back  copy"))
        #expect(state.rows()[8].contains("►") || state.rows()[8].contains("_"), "the table stays above")
    }

    @Test(
        "Tab finishes what all choices agree on",
        arguments: [
            ("", ""), ("pa", "pause"), ("re", "re"), ("ref", "refresh"), ("s", "s"), ("so", "sort "),
            ("theme ", "theme "),
            ("theme h", "theme high-contrast"), ("interval 3", "interval 30"), ("sort st", "sort sta"),
            ("sort sta", "sort sta"), ("x", "x"), ("filter go", "filter go"), ("fly ", "fly "), ("fo l", "fo late"),
        ] as [(String, String)])
    func tab(typed: String, completed: String) {
        #expect(Command.completed(LineEditor(typed), in: .jobs).text == completed)
    }

    @Test("Tab completes the columns of the runs on their screen, and the footer's words")
    func tabElsewhere() {
        #expect(Command.completed(LineEditor("sort wa"), in: .runs).text == "sort wait")
        #expect(Command.completed(LineEditor("sort wa"), in: .jobs).text == "sort wa")
        #expect(Command.completed(LineEditor("ca"), in: .run).text == "cause")
    }

    @Test("Up and Down go through the commands typed before")
    func history() {
        var state = Sample.state(size)
        _ = run("focus late", on: &state)
        _ = run("nonsense", on: &state)
        state.press(.character(":"), .up)
        #expect(state.rows().last == ":nonsense", "an error can be corrected")
        state.press(.up)
        #expect(state.rows().last == ":focus late")
        state.press(.down, .down)
        #expect(state.rows().last == ":")
    }

    @Test("Tab and paste in other prompts are not commands")
    func otherPrompts() {
        var state = Sample.state(size)
        state.press(.character("e"), .character("/"))
        state.type("pa")
        state.press(.tab)
        #expect(state.rows().last?.hasPrefix("search /pa ") == true)
    }
}

@Suite("Lines being typed")
struct LineEditorTests {
    @Test(
        "each key edits as in a shell; | is the cursor",
        arguments: [
            ("ab|cd", Key.left, "a|bcd"), ("ab|cd", .control("b"), "a|bcd"), ("|ab", .left, "|ab"),
            ("ab|cd", .right, "abc|d"), ("ab|cd", .control("f"), "abc|d"), ("ab|", .right, "ab|"),
            ("ab|cd", .home, "|abcd"), ("ab|cd", .control("a"), "|abcd"), ("ab|cd", .end, "abcd|"),
            ("ab|cd", .control("e"), "abcd|"), ("ab|cd", .backspace, "a|cd"), ("ab|cd", .control("h"), "a|cd"),
            ("|ab", .backspace, "|ab"), ("ab|cd", .delete, "ab|d"), ("ab|cd", .control("d"), "ab|d"),
            ("ab|", .delete, "ab|"),
            ("ab|cd", .control("u"), "|cd"), ("one two|x", .control("w"), "one |x"),
            ("one two  |x", .control("w"), "one |x"),
            ("one|", .control("w"), "|"), ("|x", .control("w"), "|x"), ("ab|cd", .character("x"), "abx|cd"),
            ("ab|cd", .paste("x\ny"), "abxy|cd"), ("ab|cd", .up, "ab|cd"),
        ] as [(String, Key, String)])
    func edits(before: String, key: Key, after: String) {
        let halves = before.split(separator: "|", omittingEmptySubsequences: false)
        var line = LineEditor(String(halves[0]))
        for _ in 0..<line.cursor { _ = line.edit(.left) }
        _ = line.edit(.paste(""))
        var full = LineEditor(halves.joined())
        for _ in 0..<halves[1].count { _ = full.edit(.left) }
        let isTaken = full.edit(key)
        #expect(isTaken)
        var text = full.text
        text.insert("|", at: text.index(text.startIndex, offsetBy: full.cursor))
        #expect(text == after)
    }

    @Test("a thousand characters are taken, one more is not")
    func longest() {
        var line = LineEditor(String(repeating: "x", count: 999))
        _ = line.edit(.character("y"))
        #expect(line.text.count == 1_000)
        _ = line.edit(.character("z"))
        #expect(line.text.count == 1_000 && line.text.hasSuffix("y"))
    }
}

@Suite("The help")
struct HelpTests {
    private func text(_ size: Size, theme: Theme.Name = .dark, glyphs: Glyphs = .utf8, keys: [Key] = []) -> [String] {
        var state = Sample.state(size, theme: theme, glyphs: glyphs)
        for key in keys { state.press(key) }
        state.press(.character("?"))
        let canvas = state.frame()
        return (0..<size.rows).map { canvas.text(row: $0) }
    }

    @Test("on a narrow screen a text goes on below its beginning, and no word is cut", arguments: [40, 60, 80, 200])
    func narrow(columns: Int) {
        let rows = text(Size(rows: 400, columns: columns)).dropFirst(2).dropLast()
        let titles = ["Keys", "Words", "Statuses", "Columns", "Commands", "Actions"]
        for row in rows where !row.hasPrefix("  ") {
            #expect(titles.contains { row.hasPrefix($0) }, "\(row)")
        }
        let words = Set(rows.flatMap { $0.split(separator: " ").map(String.init) })
        for word in ["newest", "succeeded", "schedule", "median", "clipboard:", "UPSTREAM_CANCELED", "high-contrast,"] {
            #expect(words.contains(word), "\(word)")
        }
    }

    @Test("a text of two rows stands in a column of its own")
    func twoRows() throws {
        let rows = text(Size(rows: 60, columns: 40))
        let first = try #require(rows.firstIndex { $0.hasPrefix("  e ") })
        #expect(rows[first].trimmed == "  e          open the error trace of")
        #expect(rows[first + 1].trimmed == "             the newest failure")
    }

    @Test("says what broken, late, active and stale mean, and every mark")
    func definitions() {
        let rows = text(Size(rows: 200, columns: 200))
        for start in [
            "  broken  the newest run", "  late    an active run has run, or waited",
            "  active  a run is running, or waits",
            "  stale   the newest attempt", "  no data the service", "  L       late:", "  W       late:",
            "  !       the job is broken",
            "  ~       the row is stale", "  TIME    how long the run took, or has run; w4m00s has waited 4m",
        ] {
            #expect(rows.contains { $0.hasPrefix(start) }, "\(start)")
        }
        let late = rows.joined().split(separator: " ").joined(separator: " ")
        for words in [
            "twice the median", "1.5 times the longest", "1m of running, 5m of waiting", "after 30m",
        ] {
            #expect(late.contains(words))
        }
    }

    @Test("lists the commands of its screen, with what they take, and every name for the settings file")
    func names() throws {
        let jobs = text(Size(rows: 250, columns: 120))
        for start in [
            "  focus late ", "  sort time ", "  theme light ", "  interval 30s ", "  filter gold ", "  trace ",
        ] {
            #expect(jobs.contains { $0.hasPrefix(start) }, "\(start)")
        }
        let names = try #require(jobs.firstIndex { $0.hasPrefix("Actions that keys can be bound to") })
        let listed = jobs[(names + 1)...].compactMap { $0.hasPrefix("  ") ? $0.split(separator: " ").first : nil }
        #expect(listed.map(String.init) == Intent.allCases.map(\.rawValue))
        let run = text(Size(rows: 250, columns: 120), keys: [.enter, .enter])
        #expect(run.contains { $0.hasPrefix("  root-cause ") && $0.contains("; also :cause") })
        #expect(!run.contains { $0.hasPrefix("  focus late ") })
    }

    @Test("a strip of glyphs is not called colour and height")
    func strip() {
        let words = "colour is the status, height the duration"
        for (theme, glyphs, isColoured) in [
            (Theme.Name.dark, Glyphs.utf8, true), (.mono, .utf8, false), (.dark, .ascii, false),
        ] {
            let rows = text(Size(rows: 200, columns: 120), theme: theme, glyphs: glyphs)
            #expect(rows.contains { $0.contains(words) } == isColoured)
            #expect(rows.contains { $0.contains("oldest to newest: each one's status") } != isColoured)
        }
    }

    @Test("no status looks like the mark of the selection, of a stale row or of a failure")
    func glyphs() {
        for glyphs in Glyphs.allCases {
            for status in RunStatus.documented + [.unknown("X"), .missing] {
                #expect(![glyphs.selected, glyphs.stale, "!", "L", "W"].contains(glyphs.status(status)), "\(status)")
            }
        }
    }

    @Test("says which lines of how many are in sight, and moves by its keys")
    func position() {
        var state = Sample.state(Size(rows: 24, columns: 80))
        state.press(.character("?"))
        #expect(state.rows()[1].contains("help · 1-21/"))
        state.press(.down)
        #expect(state.rows()[1].contains("help · 2-22/"))
        #expect(state.rows()[2].hasPrefix("  enter "))
        state.press(.character("?"))
        #expect(state.context == .jobs)
    }
}

extension String {
    fileprivate var trimmed: String { String(reversed().drop { $0 == " " }.reversed()) }
}

@Suite("The default keys")
struct DefaultKeyTests {
    @Test(
        "do what the README says",
        arguments: [
            (KeyContext.jobs, "enter", Intent.open), (.jobs, "e", .openTrace), (.jobs, "/", .filter),
            (.jobs, "f", .focus),
            (.jobs, "1", .focusAll), (.jobs, "2", .focusBroken), (.jobs, "3", .focusLate), (.jobs, "4", .focusActive),
            (.jobs, "s", .sort), (.jobs, "f6", .sort), (.jobs, "S", .reverse), (.jobs, "r", .refresh),
            (.jobs, "f5", .refresh),
            (.jobs, "p", .pause), (.jobs, "+", .faster), (.jobs, "-", .slower), (.jobs, "y", .copy),
            (.jobs, "?", .help),
            (.jobs, "f1", .help), (.jobs, "esc", .back), (.jobs, "backspace", .back), (.jobs, "q", .quit),
            (.jobs, ":", .palette),
            (.jobs, "ctrl-l", .redraw), (.jobs, "ctrl-z", .suspend), (.jobs, "up", .up), (.jobs, "k", .up),
            (.jobs, "ctrl-p", .up),
            (.jobs, "down", .down), (.jobs, "pgup", .pageUp), (.jobs, "ctrl-u", .halfPageUp), (.jobs, "g", .top),
            (.jobs, "home", .top), (.jobs, "G", .bottom), (.runs, "tab", .nextView), (.runs, "e", .openTrace),
            (.runs, "s", .sort),
            (.runs, "S", .reverse), (.runs, "y", .copy), (.run, "/", .search), (.run, "n", .searchNext),
            (.run, "N", .searchPrevious), (.run, "c", .rootCause), (.run, "t", .tasks), (.run, "w", .wrap),
            (.run, "s", .save),
            (.run, "tab", .nextView), (.run, "left", .left), (.run, "h", .left), (.run, "l", .right),
            (.run, "0", .lineStart),
            (.run, "$", .lineEnd), (.help, "q", .quit), (.help, "?", .help),
        ] as [(KeyContext, String, Intent)])
    func keys(context: KeyContext, name: String, intent: Intent) throws {
        #expect(Keymap.standard.intent(for: try #require(Key(name: name)), in: context) == intent)
    }
}
