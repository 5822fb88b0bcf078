import Screen

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
    package static let standard = Keymap(
        keys: Dictionary(uniqueKeysWithValues: Intent.Info.table.map { ($0.intent, $0.keys) }))

    /// What can be done on a screen, in the order of its help and footer.
    static func intents(in context: KeyContext) -> [Intent] { Intent.Info.intents[context] ?? [] }

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
}
