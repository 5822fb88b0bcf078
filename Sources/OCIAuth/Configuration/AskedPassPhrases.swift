import Synchronization

/// Pass phrases that the operator typed: one prompt for each key, and only while the program starts, never again when the
/// key's file changes under a running dashboard.
final class AskedPassPhrases: Sendable {
    private let ask: @Sendable (_ prompt: String) -> String?
    private let answers = Mutex<(known: [String: Secret], mayAsk: Bool)>(([:], true))

    init(_ ask: @escaping @Sendable (_ prompt: String) -> String?) { self.ask = ask }

    /// The attempts for one key, as with `ssh`.
    private static let mostTries = 3

    /// Opens an encrypted key with the pass phrase that was typed for it, or prompts for one.
    ///
    /// - Throws: what is wrong with the key, or that the pass phrase is missing when none was typed.
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
                prompt = "Wrong pass phrase. Pass phrase of the \(pem.source): "
            }
        }
    }

    /// Stops prompting: from now on only the pass phrases typed so far are used.
    func close() { answers.withLock { $0.mayAsk = false } }
}

extension AskedPassPhrases: SecretHolder {
    var description: String { "AskedPassPhrases" }
}
