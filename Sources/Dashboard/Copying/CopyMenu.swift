import Screen

/// The menu of items to copy.
struct CopyMenu: Hashable, Sendable {
    let subject: CopySubject
    let items: [CopyItem]
    /// The item that Enter copies.
    var picked = 0

    /// The rows of the menu, at most `width` columns: the letter, the name, and the start of the text to copy.
    func rows(_ calls: RESTCalls, width: Int) -> [SafeText] {
        let names = items.map { $0.name(of: subject) }
        let column = (names.map(\.width).max() ?? 0) + 2
        return zip(items, names).map { item, name in
            let beginning = subject.line(of: item, calls) ?? ""
            return (SafeText(String(item.letter)) + "  " + name.padded(to: column) + beginning).truncated(to: width)
        }
    }
}

/// The effect of a key in a menu.
enum MenuStep: Equatable {
    case picks
    case closes
    case moves(to: Int)
    case nothing

    init(_ key: Key, _ intent: Intent?, from picked: Int, of count: Int) {
        switch (key, intent) {
        case (.enter, _), (.character(" "), _): self = .picks
        case (.escape, _), (.character("q"), _), (.control("c"), _): self = .closes
        case (_, .up): self = .moves(to: (picked + count - 1) % count)
        case (_, .down): self = .moves(to: (picked + 1) % count)
        case (_, .top): self = .moves(to: 0)
        case (_, .bottom): self = .moves(to: count - 1)
        default: self = .nothing
        }
    }
}
