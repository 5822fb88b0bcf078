import Screen

/// A line being typed: a filter, a search, a command, a file's name.
struct LineEditor: Hashable, Sendable {
    private(set) var text: String
    /// How many characters stand before the cursor.
    private(set) var cursor: Int

    init(_ text: String = "") {
        self.text = text
        cursor = text.count
    }

    /// More than anyone types, less than a paste can hurt.
    static let longest = 1_000

    /// Takes an editing key; `false` for a key that edits nothing.
    mutating func edit(_ key: Key) -> Bool {
        switch key {
        case .character(let character): insert(String(character))
        case .paste(let pasted): insert(pasted.filter { !$0.isNewline })
        case .backspace, .control("h"): deleteBackward(1)
        case .control("w"): deleteBackward(wordLength)
        case .control("u"): deleteBackward(cursor)
        case .delete, .control("d"): deleteForward()
        case .left, .control("b"): cursor = max(cursor - 1, 0)
        case .right, .control("f"): cursor = min(cursor + 1, text.count)
        case .home, .control("a"): cursor = 0
        case .end, .control("e"): cursor = text.count
        default: return false
        }
        return true
    }

    /// The text before the cursor, for placing it on a screen.
    var beforeCursor: SafeText { SafeText(text.prefix(cursor)) }

    private mutating func insert(_ typed: String) {
        guard text.count + typed.count <= Self.longest else { return }
        let tail = text.count - cursor
        text.insert(contentsOf: typed, at: text.index(text.startIndex, offsetBy: cursor))
        // A combining character joins the one before it: count what there is, not what was typed.
        cursor = max(text.count - tail, 0)
    }

    private mutating func deleteBackward(_ count: Int) {
        let end = text.index(text.startIndex, offsetBy: cursor)
        let start = text.index(end, offsetBy: -min(count, cursor))
        text.removeSubrange(start..<end)
        cursor -= min(count, cursor)
    }

    private mutating func deleteForward() {
        guard cursor < text.count else { return }
        text.remove(at: text.index(text.startIndex, offsetBy: cursor))
    }

    /// The word before the cursor with the spaces after it, as a shell's ^W takes it.
    private var wordLength: Int {
        let before = text.prefix(cursor)
        let spaces = before.reversed().prefix { $0 == " " }.count
        return spaces + before.dropLast(spaces).reversed().prefix { $0 != " " }.count
    }
}
