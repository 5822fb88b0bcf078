import Screen

/// What a task printed, or an error trace, before its lines, its frames and its cause were found. That takes a fraction of a
/// second where it has megabytes.
package struct UnreadText: Hashable, Sendable {
    /// Tells it from other texts that are being read.
    fileprivate(set) var number = 0
    fileprivate let printed: String
    fileprivate let error: String
    /// Whether a line of it may be the cause.
    fileprivate let namesCause: Bool
    /// Whether it must be known how many characters were printed.
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

/// A text that is ready to be shown.
package struct ReadText: Hashable, Sendable {
    fileprivate let number: Int
    /// What was printed and, below it, the error trace.
    let trace: ErrorTrace
    /// The line at which the error trace begins; `nil` without one.
    let errorStart: Int?
    /// How many characters were printed, where that was asked for.
    let characters: Int?
}

/// The long text of a screen. A short one is read at once; a long one elsewhere, so that no key waits for it, while the text
/// before it is shown.
struct ShownText: Hashable, Sendable {
    private(set) var read: ReadText
    private var unread: UnreadText?
    private var isAskedFor = false

    /// Up to this many bytes a text is read at once: in about a millisecond.
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

    /// The text that is to be read elsewhere, once; `nil` where there is none.
    mutating func asked(number: Int) -> UnreadText? {
        guard unread != nil, !isAskedFor else { return nil }
        isAskedFor = true
        unread?.number = number
        return unread
    }

    /// Takes over a text that was read, unless it is another one, or there is a newer one by now.
    mutating func take(_ new: ReadText) {
        guard isAskedFor, unread?.number == new.number else { return }
        (read, unread) = (new, nil)
    }
}

extension DashboardState {
    /// Asks for the long texts of the screens to be read that were not yet.
    mutating func askForReading() -> [Effect] {
        var effects: [Effect] = []
        for depth in inner.indices {
            guard let unread = inner[depth].text?.asked(number: textCount + 1) else { continue }
            textCount += 1
            effects.append(.readText(unread))
        }
        return effects
    }

    /// Shows a text that was read, where it is still wanted.
    mutating func take(_ text: ReadText) {
        for depth in inner.indices { inner[depth].text?.take(text) }
    }
}
