/// One profile of a configuration file, with the keys it inherits from DEFAULT.
struct Profile: Sendable {
    let name: String
    /// The file it stands in.
    let path: String
    private let own: [String: ConfigFile.Entry]
    private let inherited: [String: ConfigFile.Entry]

    /// A profile does not inherit the session of another.
    private static let notInherited: Set<String> = ["security_token_file"]

    init(name: String, path: String, own: [String: ConfigFile.Entry], inherited: [String: ConfigFile.Entry]) {
        self.name = name
        self.path = path
        self.own = own
        self.inherited = inherited.filter { !Self.notInherited.contains($0.key) }
    }

    /// The value of a key: the profile's own, or else DEFAULT's. An empty value counts as none and is not replaced by DEFAULT's.
    subscript(key: String) -> ConfigFile.Entry? {
        let entry = own[key] ?? inherited[key]
        return entry.flatMap { $0.value.isEmpty ? nil : $0 }
    }

    /// Whether the profile itself, and not only DEFAULT, has a value for the key.
    func hasOwn(_ key: String) -> Bool {
        own[key].map { !$0.value.isEmpty } ?? false
    }
}

extension Profile: SecretHolder {
    var description: String { "Profile(\(name) in \(path))" }
}
