/// What can be wrong with a private key, each with its own message.
enum KeyProblem {
    case noKey
    case damaged
    case publicKey
    case certificate
    case openSSH
    /// `what` is a noun with its article: "an elliptic-curve key".
    case otherAlgorithm(String)
    case tooShort(bits: Int)
    case passPhraseMissing
    case passPhraseWrong
    /// Wrong in every attempt at the prompt.
    case passPhraseMistyped
    case passPhraseNotASCII
    case scrypt
    case otherFingerprint(ofKey: KeyFingerprint, configured: KeyFingerprint, where: String)

    /// - Parameter source: what to call the key, as in "key file /home/me/.oci/key.pem".
    func error(in source: String) -> CredentialsError {
        let words = words(source)
        return CredentialsError(words.problem, advice: words.advice, kind: .key)
    }

    private func words(_ source: String) -> (problem: String, advice: String) {
        let newKey = "Make an RSA key with `oci setup keys` and add its public half to your user in the OCI console."
        switch self {
        case .noKey:
            return (
                "The \(source) holds no PEM private key.",
                "It should have a line that reads -----BEGIN PRIVATE KEY----- or -----BEGIN RSA PRIVATE KEY-----."
            )
        case .damaged:
            return (
                "The private key in the \(source) is damaged or cut short.",
                "Copy it again, or check it with `openssl rsa -check -noout -in KEY_FILE`."
            )
        case .publicKey:
            return ("The \(source) holds a public key.", "Name the private key that belongs to it.")
        case .certificate:
            return ("The \(source) holds a certificate.", "Name the private key instead.")
        case .openSSH:
            return (
                "The \(source) is in OpenSSH's own format, which OCI does not use.",
                "If it is an RSA key, convert a copy of it: `ssh-keygen -p -m PEM -f COPY`."
            )
        case .otherAlgorithm(let what):
            return ("The \(source) holds \(what); OCI signs requests with RSA.", newKey)
        case .tooShort(let bits):
            return ("The RSA key in the \(source) has \(bits) bits; OCI asks for \(SigningKey.minimumBits).", newKey)
        case .passPhraseMissing:
            return (
                "The \(source) is encrypted and there is no pass phrase for it.",
                "Set pass_phrase in the profile, or OCI_CLI_PASSPHRASE in the environment."
            )
        case .passPhraseWrong:
            return (
                "The pass phrase does not open the \(source).",
                "Correct pass_phrase in the profile, or OCI_CLI_PASSPHRASE in the environment, which goes before it."
            )
        case .passPhraseMistyped:
            return (
                "None of the pass phrases typed opens the \(source).",
                "Try again, or check it with `openssl rsa -check -noout -in KEY_FILE`."
            )
        case .passPhraseNotASCII:
            return (
                "The pass phrase of the \(source) has characters outside ASCII, which cannot be used here.",
                "Give the key a pass phrase of plain letters, digits and signs: `openssl pkcs8 -topk8 -v2 aes256`."
            )
        case .scrypt:
            return (
                "The \(source) is encrypted with scrypt, which cannot be read here.",
                "Encrypt it with PBKDF2: `openssl pkcs8 -topk8 -v2 aes256 -in KEY_FILE -out NEW_KEY_FILE`."
            )
        case .otherFingerprint(let key, let configured, let place):
            return (
                "The \(source) has the fingerprint \(key), but \(place) says \(configured).",
                "Name the key that belongs to that fingerprint, or correct the fingerprint."
            )
        }
    }
}
