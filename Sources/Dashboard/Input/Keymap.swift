import Screen

/// The screen on which a key is pressed: the same key may do different things on different screens.
package enum KeyContext: String, Hashable, Sendable, CaseIterable {
    case jobs
    case runs
    case run
    case help
}

/// Which key does what: by default as in vi, less, htop and k9s; the settings change it.
package struct Keymap: Sendable, Hashable {
    /// A key that was bound to several intents.
    package struct Conflict: Error, Equatable {
        package let key: Key
        package let context: KeyContext
        package let intents: [Intent]
    }

    private var keys: [Intent: [Key]]

    /// The default keys.
    package static let standard = Keymap(keys: [
        .up: [.up, .character("k"), .control("p")],
        .down: [.down, .character("j"), .control("n")],
        .left: [.left, .character("h")],
        .right: [.right, .character("l")],
        .pageUp: [.pageUp, .control("b")],
        .pageDown: [.pageDown, .control("f"), .character(" ")],
        .halfPageUp: [.control("u")],
        .halfPageDown: [.control("d")],
        .top: [.character("g"), .home],
        .bottom: [.character("G"), .end],
        .lineStart: [.character("0")],
        .lineEnd: [.character("$")],
        .open: [.enter],
        .openTrace: [.character("e")],
        .back: [.escape, .backspace],
        .quit: [.character("q")],
        .help: [.character("?"), .function(1)],
        .nextView: [.tab],
        .filter: [.character("/")],
        .focus: [.character("f")],
        .focusAll: [.character("1")],
        .focusBroken: [.character("2")],
        .focusLate: [.character("3")],
        .focusActive: [.character("4")],
        .sort: [.character("s"), .function(6)],
        .reverse: [.character("S")],
        .search: [.character("/")],
        .searchNext: [.character("n")],
        .searchPrevious: [.character("N")],
        .rootCause: [.character("c")],
        .tasks: [.character("t")],
        .wrap: [.character("w")],
        .pause: [.character("p")],
        .refresh: [.character("r"), .function(5)],
        .faster: [.character("+")],
        .slower: [.character("-")],
        .copy: [.character("y")],
        .save: [.character("s")],
        .palette: [.character(":")],
        .redraw: [.control("l")],
        .suspend: [.control("z")],
    ])

    /// The keys bound to an intent; the footer shows the first.
    package func keys(for intent: Intent) -> [Key] { keys[intent] ?? [] }

    /// What a key does on a screen.
    package func intent(for key: Key, in context: KeyContext) -> Intent? {
        Self.intents(in: context).first { keys(for: $0).contains(key) }
    }

    /// The map with the keys of some intents replaced.
    ///
    /// - Throws: ``Conflict`` when a key would do two things on one screen.
    package func remapped(_ changes: [Intent: [Key]]) throws(Conflict) -> Keymap {
        var map = self
        map.keys.merge(changes) { _, new in new }
        for context in KeyContext.allCases {
            let intents = Self.intents(in: context)
            for key in Set(intents.flatMap(map.keys(for:))) {
                let claimants = intents.filter { map.keys(for: $0).contains(key) }
                if claimants.count > 1 { throw Conflict(key: key, context: context, intents: claimants) }
            }
        }
        return map
    }

    /// What can be done on a screen, in the order of its help and footer.
    static func intents(in context: KeyContext) -> [Intent] {
        let moving: [Intent] = [.up, .down, .pageUp, .pageDown, .halfPageUp, .halfPageDown, .top, .bottom]
        let poller: [Intent] = [.refresh, .pause, .faster, .slower]
        let everywhere: [Intent] = [.palette, .redraw, .suspend]
        switch context {
        case .jobs:
            return [.open, .openTrace, .filter, .focus, .sort, .reverse] + poller + [.copy, .help, .back, .quit]
                + [.focusAll, .focusBroken, .focusLate, .focusActive] + moving + everywhere
        case .runs:
            return [.open, .back, .openTrace, .sort, .reverse, .nextView] + poller + [.copy, .help, .quit] + moving
                + everywhere
        case .run:
            return [.back, .rootCause, .search, .searchNext, .searchPrevious, .wrap, .tasks, .copy, .save, .nextView]
                + [.refresh, .pause, .help, .quit] + moving + [.left, .right, .lineStart, .lineEnd] + everywhere
        case .help:
            return [.back, .quit, .help] + moving + [.redraw, .suspend]
        }
    }
}
