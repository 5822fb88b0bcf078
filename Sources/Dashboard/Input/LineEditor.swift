import Screen

/// A line being typed: a filter, a search, a command, a file's name.
struct LineEditor: Hashable, Sendable {
    private(set) var text: String
    /// How many characters stand before the cursor.
    private(set) var cursor: Int
    /// The lines typed before, the oldest first.
    private let history: [String]
    /// Which of them is shown; `nil` for the line being typed.
    private var recalled: Int?
    /// The line being typed, while one of them is shown.
    private var draft = ""

    init(_ text: String = "", history: [String] = []) {
        self.text = text
        self.history = history
        cursor = text.count
    }

    var hasHistory: Bool { !history.isEmpty }

    /// The same prompt with another line.
    func replaced(with text: String) -> LineEditor { LineEditor(text, history: history) }

    /// A longer line is refused: nobody types it, and a paste by mistake may be huge.
    static let longest = 1_000

    /// Applies an editing key; `false` for a key that edits nothing.
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
        case .up, .control("p"): recall(earlier: true)
        case .down, .control("n"): recall(earlier: false)
        default: return false
        }
        return true
    }

    /// The text before the cursor, for placing it on a screen.
    var beforeCursor: SafeText { SafeText(text.prefix(cursor)) }

    /// Shows the line typed before the one shown, or after it; after the newest, the line being typed again.
    private mutating func recall(earlier: Bool) {
        let shown = recalled ?? history.count
        let next = earlier ? shown - 1 : shown + 1
        guard 0...history.count ~= next else { return }
        if recalled == nil { draft = text }
        recalled = next < history.count ? next : nil
        text = recalled.map { history[$0] } ?? draft
        cursor = text.count
    }

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

/// The lines typed before, of each prompt the oldest first.
struct TypedHistory: Hashable, Sendable {
    /// The most lines kept of each.
    static let most = 50

    private(set) var filters: [String] = []
    private(set) var searches: [String] = []
    private(set) var commands: [String] = []

    mutating func addFilter(_ text: String) { Self.add(text, to: &filters) }
    mutating func addSearch(_ text: String) { Self.add(text, to: &searches) }
    mutating func addCommand(_ text: String) { Self.add(text, to: &commands) }

    /// A line typed again moves to the end.
    private static func add(_ text: String, to lines: inout [String]) {
        guard !text.allSatisfy(\.isWhitespace) else { return }
        lines.removeAll { $0 == text }
        lines = (lines + [text]).suffix(most)
    }
}
