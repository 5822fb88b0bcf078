import Screen

/// An output or an error trace before its lines, frames and cause are found, which takes a fraction of a second for several
/// megabytes.
package struct UnreadText: Hashable, Sendable {
    /// Identifies it among the texts that are being read.
    fileprivate(set) var number = 0
    fileprivate let printed: String
    fileprivate let error: String
    /// Whether to search it for a cause.
    fileprivate let namesCause: Bool
    /// Whether to count the characters of the output.
    fileprivate let countsCharacters: Bool

    package func read() -> ReadText {
        let needsEnd = !printed.isEmpty && printed.utf8.last != UInt8(ascii: "\n") && !error.isEmpty
        let above = needsEnd ? printed + "\n" : printed
        return ReadText(
            number: number, trace: ErrorTrace(above + error, namesCause: namesCause),
            errorStart: error.isEmpty ? nil : above.isEmpty ? 0 : LongText(above).count,
            characters: countsCharacters ? printed.count : nil)
    }
}

/// A text that is ready to show.
package struct ReadText: Hashable, Sendable {
    fileprivate let number: Int
    /// The output, followed by the error trace.
    let trace: ErrorTrace
    /// The first line of the error trace; `nil` if there is none.
    let errorStart: Int?
    /// The number of characters of the output, if it was counted.
    let characters: Int?
}

/// The text of a screen. A short text is read at once. A long text is read off the main actor, so that no key waits for it;
/// until then the screen shows the previous text.
struct ShownText: Hashable, Sendable {
    private(set) var read: ReadText
    private var unread: UnreadText?
    private var isAskedFor = false

    /// The largest text in bytes that is read at once, in about a millisecond.
    static let readAtOnce = 65_536

    init(printed: String = "", error: String?, namesCause: Bool = true) {
        read = UnreadText(printed: "", error: "", namesCause: false, countsCharacters: false).read()
        set(printed: printed, error: error, namesCause: namesCause)
    }

    var trace: ErrorTrace { read.trace }

    /// Whether a newer text is being read.
    var isBeingRead: Bool { unread != nil }

    mutating func set(printed: String = "", error: String?, namesCause: Bool = true, countsCharacters: Bool = false) {
        let new = UnreadText(
            printed: printed, error: error ?? "", namesCause: namesCause, countsCharacters: countsCharacters)
        isAskedFor = false
        if new.printed.utf8.count + new.error.utf8.count <= Self.readAtOnce {
            (read, unread) = (new.read(), nil)
        } else {
            unread = new
        }
    }

    /// Returns the text to read off the main actor, once; `nil` if there is none.
    mutating func asked(number: Int) -> UnreadText? {
        guard unread != nil, !isAskedFor else { return nil }
        isAskedFor = true
        unread?.number = number
        return unread
    }

    /// Shows a text that was read, unless a newer one has replaced it.
    mutating func take(_ new: ReadText) {
        guard isAskedFor, unread?.number == new.number else { return }
        (read, unread) = (new, nil)
    }
}

extension DashboardState {
    /// Requests the long texts of the screens that are not read yet.
    mutating func askForReading() -> [Effect] {
        var effects: [Effect] = []
        for depth in inner.indices {
            guard let unread = inner[depth].text?.asked(number: textCount + 1) else { continue }
            textCount += 1
            effects.append(.readText(unread))
        }
        return effects
    }

    /// Shows a text that was read on the screen that still needs it.
    mutating func take(_ text: ReadText) {
        for depth in inner.indices { inner[depth].text?.take(text) }
    }
}
