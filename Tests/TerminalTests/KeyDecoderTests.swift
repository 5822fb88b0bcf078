import CNcurses
import Screen
import Testing

@testable import Terminal

@Suite("Keys from what ncurses reads")
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

    @Test("an ESC by itself is Escape, before a key it is Alt")
    func escape() {
        #expect(keys("\u{1B}") == [.escape])
        #expect(keys("\u{1B}x") == [.alt("x")])
        #expect(keys("\u{1B}\u{1B}") == [.escape, .escape])
        #expect(keys("\u{1B}[") == [.alt("[")])
    }

    @Test("a sequence nobody knows acts as no key, and what follows does")
    func unknown() {
        #expect(keys("\u{1B}[15;6~q") == [.character("q")])
        #expect(keys("\u{1B}[<0;1;1Mq") == [.character("q")])
        #expect(keys("\u{1B}[1;5") == [])
        #expect(keys("\u{85}\u{9B}") == [])
        #expect(keys([.scalar(0xFFFF_FFFF), .scalar(0xD800), .function(-1)]) == [])
    }

    @Test("a paste is text and never keys, however it is cut up, and is bounded")
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
        #expect(text.hasPrefix("q\u{1B}:x") && text.unicodeScalars.count == KeyDecoder.longestPaste)
        #expect(decoder.decode(.scalar(0x71)) == .character("q"))
    }
}
