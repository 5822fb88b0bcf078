import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

/// Whole screens against accepted ones: every view and size class in the dark theme.
///
/// `ThemeScreenTests` holds the other themes to these screens, and each theme to a legend of its styles.
@Suite("Golden screens")
struct GoldenScreenTests {
    static let sizes = [Size(rows: 5, columns: 20), Size(rows: 24, columns: 80), Size(rows: 60, columns: 200)]

    enum View: String, CaseIterable {
        case jobs, runs, run, trace, help, filter, sort, trouble, past, job, jobEnd, remembered, causes, tasks, output,
            marked
    }

    static func state(_ view: View, _ size: Size, _ theme: Theme, glyphs: Glyphs = .utf8) -> DashboardState {
        var state = Sample.state(size, theme: theme, glyphs: glyphs)
        switch view {
        case .remembered: state = PastSample.remembered(size, theme: theme, glyphs: glyphs)
        case .past: state = PastSample.state(size, theme: theme, glyphs: glyphs)
        case .job, .jobEnd:
            state = PastSample.state(size, theme: theme, glyphs: glyphs)
            state.press(.down, .down, .down, .character("d"))
            if view == .jobEnd { state.press(.character("G")) }
        case .jobs: break
        case .causes:
            state = CauseSample.state(size, theme: theme, glyphs: glyphs)
            state.press(.character("C"))
        case .runs: state.press(.enter)
        case .run:
            state.press(.enter, .enter)
            state.feed(.tasksListed(Sample.tasks, of: RunID("job-4-run-5", of: JobID("job-4")), at: Sample.now))
        case .trace:
            state.press(.character("e"))
            state.enter("java", at: "/")
        case .tasks: state = TaskScreenTests.state(size, theme: theme, glyphs: glyphs)
        case .output:
            state = TaskScreenTests.state(size, theme: theme, glyphs: glyphs)
            state.press(.enter)
            let output = PollEvent.inspected(
                .output(of: TaskScreenTests.transform), .output(TaskScreenTests.output), at: Sample.now)
            state.feed(output)
        case .marked:
            state.press(.character("e"), .character("#"), .character("v"), .down)
        case .help: state.press(.character("?"))
        case .filter:
            state.press(.character("/"))
            state.type("gold")
        case .sort: state.press(.character("s"), .character("j"))
        case .trouble:
            state.feed(.runsFailed(Sample.expiredToken, of: Array(Sample.jobs.prefix(9).map(\.id)), at: Sample.now))
            state.feed(.phase(.backingOff(next: Sample.now.addingTimeInterval(60), reason: .credentials)))
        }
        return state
    }

    @Test("every view matches", arguments: View.allCases)
    func view(_ view: View) {
        for size in Self.sizes {
            let state = Self.state(view, size, Theme(.dark))
            Golden.check(state.drawn(), "dark/\(view.rawValue)-\(size.columns)x\(size.rows)")
        }
    }

    @Test(
        "without colour the strip has glyphs, and the help says so",
        arguments: [View.jobs, .help, .trouble, .past, .job])
    func mono(_ view: View) {
        Golden.check(Self.state(view, Self.sizes[1], Theme(.mono)).drawn(), "mono/\(view.rawValue)-80x24")
    }

    @Test("every view without UTF-8 matches, with only ASCII", arguments: View.allCases)
    func ascii(_ view: View) {
        let canvas = Self.state(view, Self.sizes[1], Theme(.mono), glyphs: .ascii).drawn()
        Golden.check(canvas, "ascii/\(view.rawValue)-80x24")
        let ours = canvas.description.filter { !$0.isASCII && !"Jörg Müller…".contains($0) }
        #expect(ours.isEmpty, "not ASCII: \(ours)")
    }

    @Test("the screen before the first answer matches")
    func empty() {
        Golden.check(Sample.state(Self.sizes[1], board: false).drawn(), "dark/empty-80x24")
    }

    @Test("the screen below the smallest size matches")
    func tooSmall() {
        Golden.check(Sample.state(Size(rows: 4, columns: 19)).drawn(), "dark/too-small-19x4")
    }
}
