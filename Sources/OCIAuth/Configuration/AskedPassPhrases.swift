import Synchronization

/// Pass phrases that were typed: each key is asked for once, and while the program starts only, never again when its
/// file changes under a dashboard.
final class AskedPassPhrases: Sendable {
    private let ask: @Sendable (_ prompt: String) -> String?
    private let answers = Mutex<(known: [String: Secret], mayAsk: Bool)>(([:], true))

    init(_ ask: @escaping @Sendable (_ prompt: String) -> String?) { self.ask = ask }

    /// - Parameter source: what the key is called, as in "key file /home/me/.oci/key.pem".
    func passPhrase(for source: String) -> Secret? {
        let (known, mayAsk) = answers.withLock { ($0.known[source], $0.mayAsk) }
        guard known == nil, mayAsk, let typed = ask("Pass phrase of the \(source): ") else { return known }
        let secret = Secret(text: typed)
        answers.withLock { $0.known[source] = secret }
        return secret
    }

    /// From now on only what was typed is known.
    func close() { answers.withLock { $0.mayAsk = false } }
}

extension AskedPassPhrases: SecretHolder {
    var description: String { "AskedPassPhrases" }
}
