import CNcurses
import Screen
import Testing

@testable import Terminal

@Suite("Keys from ncurses")
struct KeyDecoderTests {
    private func keys(_ inputs: [KeyDecoder.Input]) -> [Key] {
        var decoder = KeyDecoder()
        var keys = inputs.compactMap { decoder.decode($0) }
        if let last = decoder.endOfInput() { keys.append(last) }
        return keys
    }

    private func keys(_ text: String) -> [Key] {
        keys(text.unicodeScalars.map { .scalar($0.value) })
    }

    @Test("characters, controls and function keys")
    func plain() {
        #expect(keys("aG? ä") == [.character("a"), .character("G"), .character("?"), .character(" "), .character("ä")])
        #expect(keys("\u{2}\u{C}\u{0}\u{1D}") == [.control("b"), .control("l"), .control("@"), .control("]")])
        #expect(keys("\r\n\t\u{7F}\u{8}") == [.enter, .enter, .tab, .backspace, .backspace])
        #expect(
            keys([.function(KEY_UP), .function(KEY_NPAGE), .function(KEY_F0 + 12), .function(KEY_RESIZE)])
                == [.up, .pageDown, .function(12)])
    }

    @Test("a single ESC is Escape, before a key it is Alt")
    func escape() {
        #expect(keys("\u{1B}") == [.escape])
        #expect(keys("\u{1B}x") == [.alt("x")])
        #expect(keys("\u{1B}\u{1B}") == [.escape, .escape])
        #expect(keys("\u{1B}[") == [.alt("[")])
    }

    @Test("an unknown sequence is no key, and the key after it is")
    func unknown() {
        #expect(keys("\u{1B}[15;6~q") == [.character("q")])
        #expect(keys("\u{1B}[<0;1;1Mq") == [.character("q")])
        #expect(keys("\u{1B}[1;5") == [])
        #expect(keys("\u{85}\u{9B}") == [])
        #expect(keys([.scalar(0xFFFF_FFFF), .scalar(0xD800), .function(-1)]) == [])
    }

    @Test("a paste without its end mark can be ended, keeps its text, and later keys are keys")
    func lostEnd() {
        var decoder = KeyDecoder()
        #expect(!decoder.isInPaste)
        #expect(decoder.endPaste() == nil)
        _ = decoder.decode(.function(KeyDecoder.pasteBegin))
        for scalar in "lost".unicodeScalars { _ = decoder.decode(.scalar(scalar.value)) }
        #expect(decoder.endOfInput() == nil)
        #expect(decoder.isInPaste)
        #expect(decoder.endPaste() == .paste("lost"))
        #expect(!decoder.isInPaste)
        #expect(decoder.endPaste() == nil)
        #expect(decoder.decode(.scalar(0x71)) == .character("q"))
        #expect(decoder.decode(.function(KeyDecoder.pasteEnd)) == nil, "the late end mark is no key")
    }

    @Test(
        "function keys have their numbers",
        arguments: [
            (KEY_UP, Key.up), (KEY_DOWN, .down), (KEY_LEFT, .left), (KEY_RIGHT, .right), (KEY_HOME, .home),
            (KEY_A1, .home), (KEY_END, .end), (KEY_C1, .end), (KEY_LL, .end), (KEY_PPAGE, .pageUp), (KEY_A3, .pageUp),
            (KEY_NPAGE, .pageDown), (KEY_C3, .pageDown), (KEY_ENTER, .enter), (KEY_BTAB, .backTab),
            (KEY_BACKSPACE, .backspace), (KEY_IC, .insert), (KEY_DC, .delete), (KEY_F0 + 1, .function(1)),
            (KEY_F0 + 24, .function(24)),
        ])
    func functionKeys(_ code: Int32, _ key: Key) {
        #expect(keys([.function(code)]) == [key])
    }

    @Test("codes next to the function keys are no keys, and one after an ESC is itself")
    func otherCodes() {
        #expect(keys([.function(KEY_F0), .function(KEY_F0 + 25)]) == [])
        #expect(keys([.scalar(27), .function(KEY_UP)]) == [.up])
        #expect(keys("\u{1B}O") == [.alt("O")])
        #expect(keys("\u{1B}Oq!") == [.character("!")])
        #expect(keys("\u{1B}[1") == [])
        #expect(keys("\u{1B}\u{1}") == [])
        #expect(keys([.scalar(27), .scalar(0x5B), .function(KEY_DOWN)]) == [.down])
    }

    @Test("a paste is text and never keys, in any number of pieces, with a limit")
    func paste() {
        var decoder = KeyDecoder()
        #expect(decoder.decode(.function(KeyDecoder.pasteBegin)) == nil)
        for scalar in "q\u{1B}:".unicodeScalars { #expect(decoder.decode(.scalar(scalar.value)) == nil) }
        #expect(decoder.endOfInput() == nil)
        #expect(decoder.decode(.function(KEY_UP)) == nil)
        for _ in 0..<70_000 { _ = decoder.decode(.scalar(0x78)) }
        let pasted = decoder.decode(.function(KeyDecoder.pasteEnd))
        guard case .paste(let text) = pasted else {
            Issue.record("\(String(describing: pasted)) is no paste")
            return
        }
        #expect(text.hasPrefix("q\u{1B}:x"))
        #expect(text.unicodeScalars.count == KeyDecoder.longestPaste)
        #expect(decoder.decode(.scalar(0x71)) == .character("q"))
    }
}
