/// The settings of an identity, from the environment and a profile. The environment takes precedence.
struct IdentitySettings: Sendable {
    /// The settings, each with its names in the environment and in a profile.
    enum Key: Sendable {
        case user, tenancy, fingerprint, keyFile, passPhrase, securityTokenFile, region, authenticationType

        /// The keys in a profile; messages recommend the first. The Go SDK also reads `passphrase`.
        var profileKeys: [String] {
            switch self {
            case .user: ["user"]
            case .tenancy: ["tenancy"]
            case .fingerprint: ["fingerprint"]
            case .keyFile: ["key_file"]
            case .passPhrase: ["pass_phrase", "passphrase"]
            case .securityTokenFile: ["security_token_file"]
            case .region: ["region"]
            case .authenticationType: ["authentication_type"]
            }
        }

        var variable: String {
            switch self {
            case .user: "OCI_CLI_USER"
            case .tenancy: "OCI_CLI_TENANCY"
            case .fingerprint: "OCI_CLI_FINGERPRINT"
            case .keyFile: "OCI_CLI_KEY_FILE"
            case .passPhrase: "OCI_CLI_PASSPHRASE"
            case .securityTokenFile: "OCI_CLI_SECURITY_TOKEN_FILE"
            case .region: "OCI_CLI_REGION"
            case .authenticationType: "OCI_CLI_AUTH"
            }
        }
    }

    /// A value and where it was found, as in "line 4 of /home/me/.oci/config".
    struct Setting: Sendable, SecretHolder {
        var value: String
        var place: String

        var description: String { "Setting(\(place))" }
    }

    let environment: Environment
    /// The name of the requested profile.
    let profileName: String
    /// The profile; nil if there is no configuration file.
    let profile: Profile?
    /// Pass phrases that the user types; nil if there is no terminal.
    var passPhrases: TypedPassPhrases?

    subscript(key: Key) -> Setting? {
        if let value = environment[key.variable] { return Setting(value: value, place: key.variable) }
        guard let profile else { return nil }
        for name in key.profileKeys {
            if let entry = profile[name] {
                return Setting(value: entry.value, place: "line \(entry.line) of \(profile.path)")
            }
        }
        return nil
    }

    /// A required setting. Throws if it is missing.
    func require(_ key: Key) throws(CredentialsError) -> Setting {
        if let setting = self[key] { return setting }
        guard let profile else {
            throw CredentialsError(
                "There is no \(key.profileKeys[0]) in the environment.", advice: "Set \(key.variable).")
        }
        throw CredentialsError(
            "There is no \(key.profileKeys[0]) in the profile \(profile.name) of \(profile.path).",
            advice: "Add it to the profile, or set \(key.variable).")
    }

    /// A required setting for a header. It must not contain characters that end the header or its quoted value.
    func requireToken(_ key: Key) throws(CredentialsError) -> String {
        let setting = try require(key)
        guard setting.value.utf8.allSatisfy(Self.isHeaderSafe) else {
            throw CredentialsError(
                "The \(key.profileKeys[0]) from \(setting.place) has blanks, quotes or characters outside ASCII.",
                advice: "It should be an OCID: copy it again from the OCI console.")
        }
        return setting.value
    }

    /// Whether the byte is visible ASCII except `"` and `\`.
    static func isHeaderSafe(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }
}

extension IdentitySettings {
    /// Reads a profile of the file at `location`. The environment overrides its values.
    ///
    /// Without a file, all values must come from the environment.
    static func read(
        profile profileName: String, at location: ConfigLocation?, environment: Environment,
        passPhrases: TypedPassPhrases? = nil, files: inout TrackedFiles
    ) throws(CredentialsError) -> IdentitySettings {
        guard let location else {
            return IdentitySettings(
                environment: environment, profileName: profileName, profile: nil, passPhrases: passPhrases)
        }
        let bytes = try files.readSecret(
            location.path, what: "configuration file", .configurationFile, namedIn: location.origin)
        let profile = try ConfigFile(bytes, path: location.path).profile(named: profileName)
        return IdentitySettings(
            environment: environment, profileName: profileName, profile: profile, passPhrases: passPhrases)
    }

    /// The method that the settings name. Otherwise a session token if there is a token file, or else an API key.
    ///
    /// A profile that has its own user has an API key, even if it also has a token file. A user that is inherited from
    /// DEFAULT does not count.
    func signInMethod() throws(CredentialsError) -> SignInMethod {
        if let named = self[.authenticationType], let method = try SignInMethod(named: named) { return method }
        if environment[Key.securityTokenFile.variable] != nil { return .securityToken }
        guard let profile else { return .apiKey }
        return profile.hasOwn("security_token_file") && !profile.hasOwn("user") ? .securityToken : .apiKey
    }

    /// The signer of an API key. If a fingerprint is configured, it must match the key.
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

    /// A session: the token, and the signer with the session's key.
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

    /// The private key, and its name in messages. `OCI_CLI_KEY_CONTENT` takes precedence over all files.
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
        if passPhrase == nil, pem.isEncrypted, let passPhrases { return (try passPhrases.open(pem), pem.source) }
        if passPhrase != nil && !pem.isEncrypted { files.warn(.needlessPassPhrase(source: pem.source)) }
        return (try pem.signingKey(passPhrase: passPhrase), pem.source)
    }
}
