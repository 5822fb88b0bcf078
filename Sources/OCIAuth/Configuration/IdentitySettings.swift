/// The settings of an identity, from the environment and a profile. The environment takes precedence.
struct IdentitySettings: Sendable {
    /// The settings, each with its names in the environment and in a profile.
    enum Key: Sendable {
        case user, tenancy, fingerprint, keyFile, passPhrase, securityTokenFile, region, authenticationType

        /// The keys of a profile, the first being the one to recommend. The Go SDK also reads `passphrase`.
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
    /// The name of the profile asked for.
    let profileName: String
    /// The profile; nil when there is no configuration file at all.
    let profile: Profile?
    /// Pass phrases typed by the operator; nil when there is no terminal.
    var asked: AskedPassPhrases?

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

    /// A required setting.
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

    /// A required setting that becomes part of a header: it must not contain anything that ends the header or its quotes.
    func requireToken(_ key: Key) throws(CredentialsError) -> String {
        let setting = try require(key)
        guard setting.value.utf8.allSatisfy(Self.isHeaderSafe) else {
            throw CredentialsError(
                "The \(key.profileKeys[0]) from \(setting.place) has blanks, quotes or characters outside ASCII.",
                advice: "It should be an OCID: copy it again from the OCI console.")
        }
        return setting.value
    }

    /// Visible ASCII except `"` and `\`.
    static func isHeaderSafe(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }
}
