import Synchronization

/// Pass phrases that were typed: each key is asked for once, and while the program starts only, never again when its
/// file changes under a dashboard.
final class AskedPassPhrases: Sendable {
    private let ask: @Sendable (_ prompt: String) -> String?
    private let answers = Mutex<(known: [String: Secret], mayAsk: Bool)>(([:], true))

    init(_ ask: @escaping @Sendable (_ prompt: String) -> String?) { self.ask = ask }

    /// How often one may mistype, as with `ssh`.
    private static let mostTries = 3

    /// Opens an encrypted key by what was typed for it, or is now.
    ///
    /// - Throws: what is wrong with the key; that the pass phrase is missing, where nothing was typed.
    func open(_ pem: PrivateKeyPEM) throws(CredentialsError) -> SigningKey {
        let (known, mayAsk) = answers.withLock { ($0.known[pem.source], $0.mayAsk) }
        if known != nil || !mayAsk { return try pem.signingKey(passPhrase: known) }
        var prompt = "Pass phrase of the \(pem.source): "
        var triesLeft = Self.mostTries
        while true {
            let typed = ask(prompt).map(Secret.init(text:))
            do throws(CredentialsError) {
                let key = try pem.signingKey(passPhrase: typed)
                answers.withLock { $0.known[pem.source] = typed }
                return key
            } catch {
                let wasWrong = error == KeyProblem.passPhraseWrong.error(in: pem.source)
                guard wasWrong else { throw error }
                triesLeft -= 1
                guard triesLeft > 0 else { throw KeyProblem.passPhraseMistyped.error(in: pem.source) }
                prompt = "That does not open it. Pass phrase of the \(pem.source): "
            }
        }
    }

    /// From now on only what was typed is known.
    func close() { answers.withLock { $0.mayAsk = false } }
}

extension AskedPassPhrases: SecretHolder {
    var description: String { "AskedPassPhrases" }
}
