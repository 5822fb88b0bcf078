import Screen
import Testing

@Suite("Keys")
struct KeyTests {
    @Test(
        "a key's name parses as the key",
        arguments: [
            Key.character("q"), .character("G"), .character("?"), .character(" "), .character("f"), .control("b"),
            .control("]"), .alt("x"), .alt(" "), .up, .pageDown, .escape, .backTab, .function(12), .delete,
        ])
    func names(_ key: Key) {
        #expect(Key(name: key.name) == key)
    }

    @Test(
        "the names are the documented ones",
        arguments: [
            (Key.up, "up"), (.down, "down"), (.left, "left"), (.right, "right"), (.home, "home"), (.end, "end"),
            (.pageUp, "pgup"), (.pageDown, "pgdn"), (.enter, "enter"), (.escape, "esc"), (.tab, "tab"),
            (.backTab, "shift-tab"), (.backspace, "backspace"), (.insert, "ins"), (.delete, "del"),
            (.function(5), "f5"), (.control("b"), "ctrl-b"), (.alt("x"), "alt-x"), (.alt(" "), "alt-space"),
            (.character(" "), "space"), (.character("?"), "?"),
        ])
    func spelling(_ key: Key, _ name: String) {
        #expect(key.name == name)
        #expect(Key(name: name) == key)
    }

    @Test("a paste has a name for display, which cannot be bound")
    func paste() {
        #expect(Key.paste("x").name == "paste")
    }

    @Test("parses names regardless of case, and refuses other texts")
    func reading() {
        #expect(Key(name: "Ctrl-B") == .control("b"))
        #expect(Key(name: "PgDn") == .pageDown)
        #expect(Key(name: "alt-X") == .alt("X"))
        #expect(Key(name: "SPACE") == .character(" "))
        #expect(Key(name: "F24") == .function(24))
        #expect(Key(name: "ctrl-@") == .control("@"))
        #expect(Key(name: "ctrl-z") == .control("z"))
        #expect(Key(name: "f") == .character("f"))
        #expect(Key(name: "é") == .character("é"))
        for name in [
            "", "ctrl-", "ctrl-ü", "ctrl-1", "ctrl-`", "ctrl-ab", "f0", "f25", "f99", "foo", "alt-", "alt-up", "paste",
            "\u{1B}",
        ] {
            #expect(Key(name: name) == nil, "\(name)")
        }
    }
}
