import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

@Suite("Commands")
struct CommandTests {
    let size = Size(rows: 24, columns: 80)

    private func run(_ command: String, on state: inout DashboardState) -> [Effect] {
        let effects = state.enter(command, at: ":")
        _ = state.frame()
        return effects
    }

    @Test(
        "by name, by the footer's word, and abbreviated",
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
            (.run, "next-view", .intent(.nextView)), (.run, "cau", .intent(.rootCause)),
            (.jobs, "  pause  ", .intent(.pause)),
        ] as [(KeyContext, String, Command)])
    func parsed(context: KeyContext, line: String, command: Command) throws {
        #expect(try Command.parse(line, in: context) == command)
    }

    @Test(
        "a wrong command explains why, in a line that fits",
        arguments: [
            (KeyContext.jobs, "", "Type a command; Tab completes it."),
            (.jobs, "fly", "No command “fly”; : lists them."),
            (.jobs, "flyaway-to-the-moon", "No command “flyaway-to-…”; : lists them."),
            (.jobs, "re", "“re” may be: redraw, refresh, repair, reverse."),
            (.jobs, "interval", "interval takes a time from 2s to 1h, such as 15s or 5m."),
            (.jobs, "interval 1s", "“1s” is not a time from 2s to 1h, such as 15s or 5m."),
            (.jobs, "interval 2h", "“2h” is not a time from 2s to 1h, such as 15s or 5m."),
            (.jobs, "theme pink", "theme takes dark, light, high-contrast, color-blind, mono."),
            (.jobs, "theme", "theme takes dark, light, high-contrast, color-blind, mono."),
            (.jobs, "focus bogus", "focus takes all, broken, late, flapping, active."),
            (.jobs, "sort wait", "sort takes worst, status, job, started, time, vs, trigger, who, next, last-ok."),
            (.runs, "sort started", "sort takes created, status, time, wait, trigger, who."),
            (.jobs, "pause now", "pause takes no value: type it alone."),
            (.jobs, "wrap", "wrap does nothing on this screen."),
            (.jobs, "wrap", "wrap does nothing on this screen."),
            (.run, "sort time", "sort does nothing on this screen."),
            (.runs, "focus late", "focus does nothing on this screen."),
            (.runs, "filter x", "filter does nothing on this screen."),
            (.jobs, "page-down", "No command “page-down”; : lists them."),
        ] as [(KeyContext, String, String)])
    func misspelt(context: KeyContext, line: String, message: String) {
        #expect(message.count <= 78)
        #expect(throws: Command.Mistake(message: SafeText(message))) { try Command.parse(line, in: context) }
    }

    @Test("shows an error, and changes nothing else")
    func errors() {
        var state = Sample.state(size)
        let before = state.rows().dropLast()
        #expect(run("focus bogus", on: &state) == [])
        #expect(state.lastRow == " focus takes all, broken, late, flapping, active.")
        #expect(state.rows().dropLast() == before)
        #expect(run("  ", on: &state) == [])
        #expect(state.lastRow.hasPrefix(" ? help"))
    }

    @Test("have their effect")
    func done() {
        var state = Sample.state(size)
        #expect(run("focus late", on: &state) == [])
        #expect(state.jobsOnScreen.count == 2)
        #expect(state.screenText().contains("only late"))
        #expect(run("filter ml_", on: &state) == [])
        #expect(state.jobsOnScreen == ["job-8"])
        #expect(run("focus all", on: &state) == [])
        #expect(run("sort job", on: &state) == [])
        #expect(state.rows()[1].hasSuffix(" by JOB"))
        #expect(state.jobsOnScreen == ["job-7", "job-8"])
        #expect(run("theme mono", on: &state) == [])
        #expect(state.drawn()[2, 0].style == Theme(.mono).style(.columnTitle))
        #expect(run("interval 30s", on: &state) == [.poll(.setInterval(.seconds(30)))])
        #expect(run("pause", on: &state) == [.poll(.pause)])
        #expect(run("open", on: &state) == [])
        #expect(state.screenShown == .runs)
        #expect(run("quit", on: &state) == [.quit])
        #expect(run("help", on: &state) == [])
        #expect(state.screenShown == .help)
    }

    @Test("sort on a job's runs sorts the runs, not the jobs")
    func sortRuns() {
        var state = Sample.state(size)
        state.enter("ledger_stuck", at: "/")
        state.press(.enter)
        #expect(run("sort duration", on: &state) == [])
        #expect(state.rows()[1].hasSuffix(" by TIME"))
        #expect(state.tableRows[1].contains("► RUNNING "), "the longest of the runs, below the job's name")
        state.press(.escape)
        #expect(state.rows()[1].contains(" by worst"))
    }

    @Test("shows completions above the prompt, fewer with each typed letter")
    func choices() {
        var state = Sample.state(size)
        state.press(.character(":"))
        #expect(
            state.rows()[20].hasPrefix(
                " back  cancel  causes  copy  copy-menu  faster  filter  focus  help  interval"))
        #expect(state.rows()[21].hasPrefix(" job-page  journal  open  pause  quit  redraw  refresh  repair  reverse"))
        #expect(state.rows()[22] == " sort  suspend  theme  trace  trigger")
        state.type("f")
        #expect(state.rows()[22] == " faster  filter  focus")
        #expect(state.rows()[21] != " faster  filter  focus")
        state.type("o")
        #expect(state.rows()[22] == " focus")
        state.press(.tab)
        #expect(state.rows()[23] == ":focus")
        #expect(state.rows()[22] == " all  broken  late  flapping  active")
        state.type("l")
        #expect(state.rows()[22] == " late")
        state.press(.tab)
        #expect(state.rows()[23] == ":focus late")
        #expect(state.rows()[22] != " late")
        state.press(.enter)
        #expect(state.rows()[1].contains(" only late "))
    }

    @Test("on a small screen, shows the completions that fit, and that there are more")
    func narrowChoices() {
        var state = Sample.state(Size(rows: 12, columns: 40))
        state.press(.character(":"))
        #expect(state.rows()[10].hasSuffix("..."))
        #expect(state.rows()[9].hasPrefix(" back  cancel  causes"))
        #expect(state.rows()[8].contains("►") || state.rows()[8].contains("_"), "the table stays above")
    }

    @Test(
        "Tab completes the common start of all completions",
        arguments: [
            ("", ""), ("pa", "pause"), ("re", "re"), ("ref", "refresh"), ("s", "s"), ("so", "sort "),
            ("theme ", "theme "),
            ("theme h", "theme high-contrast"), ("interval 3", "interval 30"), ("sort st", "sort sta"),
            ("sort sta", "sort sta"), ("x", "x"), ("filter go", "filter go"), ("fly ", "fly "), ("fo l", "fo late"),
        ] as [(String, String)])
    func tab(typed: String, completed: String) {
        #expect(Command.completed(LineEditor(typed), in: .jobs).text == completed)
    }

    @Test("Tab completes the columns of the runs' screen, and the footer's words")
    func tabElsewhere() {
        #expect(Command.completed(LineEditor("sort wa"), in: .runs).text == "sort wait")
        #expect(Command.completed(LineEditor("sort wa"), in: .jobs).text == "sort wa")
        #expect(Command.completed(LineEditor("cau"), in: .run).text == "cause")
    }

    @Test("Up and Down show earlier commands")
    func history() {
        var state = Sample.state(size)
        _ = run("focus late", on: &state)
        _ = run("nonsense", on: &state)
        state.press(.character(":"), .up)
        #expect(state.lastRow == ":nonsense", "an error can be corrected")
        state.press(.up)
        #expect(state.lastRow == ":focus late")
        state.press(.down, .down)
        #expect(state.lastRow == ":")
    }

    @Test("Tab and paste in other prompts are not commands")
    func otherPrompts() {
        var state = Sample.state(size)
        state.press(.character("e"), .character("/"))
        state.type("pa")
        state.press(.tab)
        #expect(state.lastRow.hasPrefix("search /pa "))
    }
}
