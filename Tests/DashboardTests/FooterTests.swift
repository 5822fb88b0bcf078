import Foundation
import Polling
import Runs
import Screen
import Testing

@testable import Dashboard

/// The last line: what is typed, a message, or the keys that work here; and the name of each screen above.
@Suite("The footer")
struct FooterTests {
    private func state(_ columns: Int = 80) -> DashboardState { Sample.state(Size(rows: 24, columns: columns)) }

    @Test("shows whole keys that fit, help first", arguments: [20, 30, 40, 80, 120, 200])
    func hints(columns: Int) {
        let row = state(columns).rows()[23]
        #expect(row.hasPrefix(" ? help  enter open"))
        let words = row.split(separator: " ").map(String.init)
        #expect(words.count.isMultiple(of: 2), "keys and words: \(row)")
        #expect(row.count < columns)
        let all = state(200).rows()[23]
        #expect(all.hasPrefix(columns == 200 ? row : String(row.prefix(18))))
        #expect(all.contains("p pause"))
        #expect(all.contains("q quit"))
    }

    @Test(
        "shows the input after its prompt, with the cursor at its end",
        arguments: [("/", "/gold", 5), (":", ":gold", 5)])
    func prompts(key: String, line: String, column: Int) {
        var state = state()
        state.type(key + "gold")
        #expect(state.rows()[23] == line || state.rows()[23].hasPrefix(line + " "))
        #expect(state.drawn().cursor == Position(row: 23, column: column))
        state.press(.left)
        #expect(state.drawn().cursor == Position(row: 23, column: column - 1))
    }

    @Test("a line longer than the screen shows its end with the cursor")
    func longLine() {
        var state = state(40)
        state.press(.character("/"))
        state.type(String(repeating: "a", count: 60) + "end")
        #expect(state.rows()[23].hasPrefix("/aaa"))
        #expect(state.rows()[23].hasSuffix("end"))
        #expect(state.drawn().cursor == Position(row: 23, column: 39))
    }

    @Test("a message replaces the keys, in warning style if it is one")
    func messages() {
        var state = state()
        _ = state.update(.copied("the job key", by: .tmux), at: Sample.now)
        #expect(state.rows()[23].hasPrefix(" Copied"))
        #expect(state.drawn()[23, 1].style == Theme(.dark).style(.notice))
        _ = state.update(.copyFailed, at: Sample.now)
        #expect(state.drawn()[23, 1].style == Theme(.dark).style(.late))
        #expect(!state.rows()[23].contains("? help"))
    }

    @Test("each screen has its name at the right")
    func screens() {
        var state = state()
        #expect(state.rows()[1].hasSuffix(" by worst"))
        state.press(.enter)
        #expect(state.rows()[1].hasSuffix(" by CREATED"))
        state.press(.character("S"))
        #expect(state.rows()[1].hasSuffix(" by CREATED, reversed"))
        state.press(.enter, .character("?"))
        #expect(state.rows()[1].contains(" help · 1-"))
    }
}
