import Foundation
import Polling
import Runs
import Screen
import Testing

@testable import Dashboard

@Suite("Keys")
struct KeyTests {
    static let contexts: [(KeyContext, [Key])] = [
        (.jobs, []), (.runs, [.enter]), (.job, [.character("d")]), (.run, [.enter, .enter]), (.help, [.character("?")]),
    ]

    @Test("every intent on every screen leaves a screen that can be drawn", arguments: contexts)
    func everyIntent(_ context: KeyContext, _ way: [Key]) {
        for size in [Size(rows: 5, columns: 20), Size(rows: 24, columns: 80)] {
            for intent in Keymap.intents(in: context) {
                var state = Sample.state(size)
                state.press(way)
                if size.rows == 24 { #expect(state.screenShown == context) }
                for key in Keymap.standard.keys(for: intent) {
                    #expect(Keymap.standard.intent(for: key, in: context) == intent)
                    state.press(key)
                    #expect(state.drawn().size == size)
                }
                #expect(!Keymap.standard.keys(for: intent).isEmpty, "\(intent) has no key")
            }
        }
    }

    @Test("every intent works on an empty board", arguments: contexts)
    func everyIntentOnNothing(_ context: KeyContext, _ way: [Key]) {
        for intent in Keymap.intents(in: context) {
            var state = Sample.state(Size(rows: 24, columns: 80), board: false)
            state.press(way)
            for key in Keymap.standard.keys(for: intent) {
                state.press(key)
                #expect(state.drawn().size == Size(rows: 24, columns: 80))
            }
        }
    }

    @Test("a key has one meaning per screen", arguments: KeyContext.allCases)
    func noConflicts(_ context: KeyContext) {
        let keys = Keymap.intents(in: context).flatMap(Keymap.standard.keys(for:))
        #expect(Set(keys).count == keys.count)
    }

    @Test("keys can be changed, and a key with two meanings is refused")
    func remapping() throws {
        let map = try Keymap.standard.remapped([.refresh: [.character("u")]])
        #expect(map.intent(for: .character("u"), in: .jobs) == .refresh)
        #expect(map.intent(for: .character("r"), in: .jobs) == nil)
        #expect(throws: Keymap.Conflict.self) { try Keymap.standard.remapped([.refresh: [.character("q")]]) }
    }

    @Test("the help of every screen lists every key that works there", arguments: contexts)
    func help(_ context: KeyContext, _ way: [Key]) {
        var state = Sample.state(Size(rows: 200, columns: 160))
        for key in way where context != .help { state.press(key) }
        state.press(.character("?"))
        let text = state.screenText()
        let helped: KeyContext = context == .help ? .jobs : context
        for intent in Keymap.intents(in: helped) { #expect(text.contains(intent.info.help)) }
        for status in RunStatus.documented { #expect(text.contains(status.wireValue)) }
        for intent in Intent.allCases { #expect(text.contains("\n  \(intent.rawValue) ")) }
    }

    @Test("q is text in an input line")
    func typingQ() {
        var state = Sample.state(Size(rows: 24, columns: 80))
        state.press(.character("/"))
        expect(&state, pressing: .character("q"), gives: [])
        #expect(state.lastRow.hasPrefix("/q "))
    }

    @Test(
        "intervals are parsed and formatted alike",
        arguments: [("15", 15, "15s"), ("2s", 2, "2s"), ("90s", 90, "90s"), ("5m", 300, "5m"), ("1h", 3_600, "1h")])
    func intervals(_ text: String, _ seconds: Int, _ written: String) {
        #expect(PollingInterval(text)?.duration == .seconds(seconds))
        #expect(PollingInterval(text)?.description == written)
    }
}

@Suite("The default keys")
struct DefaultKeyTests {
    @Test(
        "match the README",
        arguments: [
            (KeyContext.jobs, "enter", Intent.open), (.jobs, "e", .openTrace), (.jobs, "/", .filter),
            (.jobs, "f", .focus),
            (.jobs, "1", .focusAll), (.jobs, "2", .focusBroken), (.jobs, "3", .focusLate), (.jobs, "4", .focusActive),
            (.jobs, "s", .sort), (.jobs, "f6", .sort), (.jobs, "S", .reverse), (.jobs, "r", .refresh),
            (.jobs, "f5", .refresh),
            (.jobs, "p", .pause), (.jobs, "+", .faster), (.jobs, "-", .slower), (.jobs, "y", .copy),
            (.jobs, "Y", .copyMenu), (.run, "Y", .copyMenu),
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
