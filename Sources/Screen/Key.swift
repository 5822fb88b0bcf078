/// A key press, or a paste.
package enum Key: Sendable, Hashable {
    case character(Character)
    /// A letter (lower case) or one of `@ [ \ ] ^ _` with Ctrl held.
    case control(Character)
    /// A character with Alt held.
    case alt(Character)
    case up, down, left, right
    case home, end, pageUp, pageDown
    case enter, escape, tab, backTab, backspace, insert, delete
    /// F1 is 1.
    case function(Int)
    /// Pasted text. It never acts as keys.
    case paste(String)
}

extension Key {
    /// Its name in help and in the settings file: `q`, `?`, `space`, `ctrl-b`, `alt-x`, `pgdn`, `f5`.
    package var name: String {
        switch self {
        case .character(" "): "space"
        case .character(let character): String(character)
        case .control(let character): "ctrl-\(character)"
        case .alt(let character): "alt-\(character == " " ? "space" : String(character))"
        case .function(let number): "f\(number)"
        case .paste: "paste"
        default: Self.named.first { $0.key == self }?.name ?? ""
        }
    }

    /// The key with this ``name``; `nil` for any other text, and for `paste`, which cannot be bound.
    ///
    /// Upper and lower case are the same in names (`PgDn`, `Ctrl-B`), but not in single characters (`g` and `G`).
    package init?(name: String) {
        if name.count == 1, let character = name.first, !Self.isControl(character) {
            self = .character(character)
            return
        }
        let lowered = name.lowercased()
        if let named = Self.named.first(where: { $0.name == lowered }) {
            self = named.key
        } else if lowered == "space" {
            self = .character(" ")
        } else if lowered.hasPrefix("ctrl-") {
            guard let key = Self.control(named: lowered.dropFirst(5)) else { return nil }
            self = key
        } else if lowered.hasPrefix("alt-"), let plain = Key(name: String(name.dropFirst(4))) {
            guard case .character(let character) = plain else { return nil }
            self = .alt(character)
        } else if lowered.hasPrefix("f"), let number = Int(lowered.dropFirst()), 1...24 ~= number {
            self = .function(number)
        } else {
            return nil
        }
    }

    private static let named: [(name: String, key: Key)] = [
        ("up", .up), ("down", .down), ("left", .left), ("right", .right),
        ("home", .home), ("end", .end), ("pgup", .pageUp), ("pgdn", .pageDown),
        ("enter", .enter), ("esc", .escape), ("tab", .tab), ("shift-tab", .backTab),
        ("backspace", .backspace), ("ins", .insert), ("del", .delete),
    ]

    private static func control(named name: Substring) -> Key? {
        guard name.count == 1, let character = name.first, let value = character.asciiValue else { return nil }
        switch value {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "@"), UInt8(ascii: "[")...UInt8(ascii: "_"):
            return .control(character)
        default:
            return nil
        }
    }

    private static func isControl(_ character: Character) -> Bool {
        character.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
