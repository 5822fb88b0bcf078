import Screen

/// An input line: for a filter, a search, a command or a file name.
struct LineEditor: Hashable, Sendable {
    private(set) var text: String
    /// The number of characters before the cursor.
    private(set) var cursor: Int
    /// The earlier lines, the oldest first.
    private let history: [String]
    /// The index of the earlier line that is shown; `nil` for the current input.
    private var recalled: Int?
    /// The current input, while an earlier line is shown.
    private var draft = ""

    init(_ text: String = "", history: [String] = []) {
        self.text = text
        self.history = history
        cursor = text.count
    }

    var hasHistory: Bool { !history.isEmpty }

    /// The same prompt with another text.
    func replaced(with text: String) -> LineEditor { LineEditor(text, history: history) }

    /// The longest line; a longer one is refused, because it can only be an accidental paste.
    static let longest = 1_000

    /// Applies an editing key; `false` if the key edits nothing.
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

    /// The text before the cursor, to position it on the screen.
    var beforeCursor: SafeText { SafeText(text.prefix(cursor)) }

    /// Shows the previous or the next earlier line; after the newest one, the current input.
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
        // A combining character joins the one before it, so count the resulting characters.
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

    /// The length of the word before the cursor with the spaces after it, as in a shell's ^W.
    private var wordLength: Int {
        let before = text.prefix(cursor)
        let spaces = before.reversed().prefix { $0 == " " }.count
        return spaces + before.dropLast(spaces).reversed().prefix { $0 != " " }.count
    }
}

/// The earlier lines of each kind of prompt, the oldest first.
struct TypedHistory: Hashable, Sendable {
    /// The most lines kept per kind.
    static let most = 50

    private(set) var filters: [String] = []
    private(set) var searches: [String] = []
    private(set) var commands: [String] = []

    mutating func addFilter(_ text: String) { Self.add(text, to: &filters) }
    mutating func addSearch(_ text: String) { Self.add(text, to: &searches) }
    mutating func addCommand(_ text: String) { Self.add(text, to: &commands) }

    /// Adds a line; a repeated line moves to the end.
    private static func add(_ text: String, to lines: inout [String]) {
        guard !text.allSatisfy(\.isWhitespace) else { return }
        lines.removeAll { $0 == text }
        lines = (lines + [text]).suffix(most)
    }
}
