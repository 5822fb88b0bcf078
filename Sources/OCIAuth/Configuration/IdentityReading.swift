extension IdentitySettings {
    /// Reads a profile of the file at `location`, whose values the environment overrides.
    ///
    /// Without a file everything must come from the environment.
    static func read(
        profile profileName: String, at location: ConfigLocation?, environment: Environment,
        asked: AskedPassPhrases? = nil, files: inout TrackedFiles
    ) throws(CredentialsError) -> IdentitySettings {
        guard let location else {
            return IdentitySettings(environment: environment, profileName: profileName, profile: nil, asked: asked)
        }
        let bytes = try files.readSecret(
            location.path, what: "configuration file", .configurationFile, namedIn: location.origin)
        let profile = try ConfigFile(bytes, path: location.path).profile(named: profileName)
        return IdentitySettings(environment: environment, profileName: profileName, profile: profile, asked: asked)
    }

    /// The method that the settings name, or else a session where there is a token file.
    ///
    /// A profile with a user of its own means an API key, even if it has a token file as well; a user inherited from
    /// DEFAULT does not count.
    func signInMethod() throws(CredentialsError) -> SignInMethod {
        if let named = self[.authenticationType], let method = try SignInMethod(named: named) { return method }
        if environment[Key.securityTokenFile.variable] != nil { return .securityToken }
        guard let profile else { return .apiKey }
        return profile.hasOwn("security_token_file") && !profile.hasOwn("user") ? .securityToken : .apiKey
    }

    /// The signer of an API key. The key's fingerprint must match the configured one, if there is one.
    func apiKeySigner(reading files: inout TrackedFiles) throws(CredentialsError) -> RequestSigner {
        let tenancy = try requireToken(.tenancy)
        let user = try requireToken(.user)
        let (key, source) = try signingKey(reading: &files)
        if let setting = self[.fingerprint] {
            guard let configured = KeyFingerprint(setting.value) else {
                throw CredentialsError(
                    "The fingerprint from \(setting.place) is not 16 pairs of hex digits separated by colons.",
                    advice: "The key's own fingerprint is \(key.fingerprint).")
            }
            guard configured == key.fingerprint else {
                throw KeyProblem.otherFingerprint(ofKey: key.fingerprint, configured: configured, where: setting.place)
                    .error(in: source)
            }
        }
        return RequestSigner(keyID: "\(tenancy)/\(user)/\(key.fingerprint)", key: key)
    }

    /// A session: the token, and the signer that uses it with the session's key.
    ///
    /// The fingerprint is not checked: a session does not use it, and it may be inherited from an API key's profile.
    func session(reading files: inout TrackedFiles) throws(CredentialsError) -> Session {
        let setting = try require(.securityTokenFile)
        let path = environment.expandingTilde(setting.value)
        let bytes = try files.readSecret(path, what: "session token file", .token, namedIn: setting.place)
        let token = try SessionToken(bytes, source: .file(path, profileName: profileName))
        let (key, _) = try signingKey(reading: &files)
        return Session(token: token, signer: RequestSigner(keyID: "ST$\(token.text)", key: key))
    }

    /// The private key, and its name for messages. `OCI_CLI_KEY_CONTENT` takes precedence over every file.
    private func signingKey(
        reading files: inout TrackedFiles
    ) throws(CredentialsError) -> (key: SigningKey, source: String) {
        let pem: PrivateKeyPEM
        if let content = environment["OCI_CLI_KEY_CONTENT"] {
            pem = try PrivateKeyPEM(Array(content.utf8), source: "key in OCI_CLI_KEY_CONTENT")
        } else {
            let setting = try require(.keyFile)
            let path = environment.expandingTilde(setting.value)
            let bytes = try files.readSecret(path, what: "key file", .key, namedIn: setting.place)
            pem = try PrivateKeyPEM(bytes, source: "key file \(path)")
        }
        let passPhrase = self[.passPhrase].map { Secret(text: $0.value) }
        if passPhrase == nil, pem.isEncrypted, let asked { return (try asked.open(pem), pem.source) }
        if passPhrase != nil && !pem.isEncrypted { files.warn(.needlessPassPhrase(source: pem.source)) }
        return (try pem.signingKey(passPhrase: passPhrase), pem.source)
    }
}
