import Foundation
import Polling
import Runs
import Screen
import Testing

@testable import Dashboard

@Suite("Keys, commands and typed lines")
struct KeyTests {
    static let contexts: [(KeyContext, [Key])] = [
        (.jobs, []), (.runs, [.enter]), (.run, [.enter, .enter]), (.help, [.character("?")]),
    ]

    @Test("every intent on every screen does what it may and leaves a screen that can be drawn", arguments: contexts)
    func everyIntent(_ context: KeyContext, _ way: [Key]) {
        for size in [Size(rows: 5, columns: 20), Size(rows: 24, columns: 80)] {
            for intent in Keymap.intents(in: context) {
                var state = Sample.state(size)
                for key in way { state.press(key) }
                #expect(state.context == context)
                for key in Keymap.standard.keys(for: intent) {
                    #expect(Keymap.standard.intent(for: key, in: context) == intent)
                    state.press(key)
                    #expect(state.drawn().size == size)
                }
                #expect(!Keymap.standard.keys(for: intent).isEmpty, "\(intent) has no key")
            }
        }
    }

    @Test("every intent works on an empty board too", arguments: contexts)
    func everyIntentOnNothing(_ context: KeyContext, _ way: [Key]) {
        for intent in Keymap.intents(in: context) {
            var state = Sample.state(Size(rows: 24, columns: 80), board: false)
            for key in way { state.press(key) }
            _ = state.perform(intent)
            #expect(state.drawn().size == Size(rows: 24, columns: 80))
        }
    }

    @Test("a key does one thing on one screen", arguments: KeyContext.allCases)
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

    @Test("the help of every screen names every key that works there", arguments: contexts)
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

    @Test("q is text while a line is typed")
    func typingQ() {
        var state = Sample.state(Size(rows: 24, columns: 80))
        state.press(.character("/"))
        expect(&state, pressing: .character("q"), gives: [])
        #expect(state.jobs.filter.text == "q")
    }

    @Test("a typed line is edited as a shell's")
    func lineEditor() {
        var line = LineEditor("gold orders")
        _ = line.edit(.control("w"))
        #expect(line.text == "gold ")
        for key: Key in [.home, .character("x"), .right, .delete, .end, .backspace] { _ = line.edit(key) }
        #expect(line.text == "xgld")
        _ = line.edit(.paste("é\n日"))
        #expect(line.text == "xgldé日" && line.cursor == 6)
        _ = line.edit(.control("u"))
        #expect(line.text.isEmpty && line.cursor == 0)
        _ = line.edit(.paste(String(repeating: "x", count: 5_000)))
        #expect(line.text.isEmpty, "a paste beyond any use is not taken")
        let isTaken = line.edit(.function(3))
        #expect(!isTaken)
    }

    @Test(
        "intervals are read and written alike",
        arguments: [("15", 15, "15s"), ("2s", 2, "2s"), ("90s", 90, "90s"), ("5m", 300, "5m"), ("1h", 3_600, "1h")])
    func intervals(_ text: String, _ seconds: Int, _ written: String) {
        #expect(PollingInterval(text)?.duration == .seconds(seconds))
        #expect(PollingInterval(text)?.description == written)
    }
}
