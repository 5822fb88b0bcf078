import Foundation

/// A resource principal, version 2.2. OCI provides a token and its key to a function, a job or a container in
/// environment variables, which contain the values or the absolute paths of files that OCI renews.
struct ResourcePrincipal: Sendable {
    private static let prefix = "OCI_RESOURCE_PRINCIPAL_"
    private static let supported = "2.2"

    private let environment: Environment

    init(environment: Environment) throws(CredentialsError) {
        self.environment = environment
        let variable = Self.prefix + "VERSION"
        guard let version = environment[variable] else {
            throw CredentialsError(
                "There is no resource principal here: \(variable) is not set.",
                advice: "OCI sets it inside functions, jobs and containers; elsewhere use --auth api_key.")
        }
        guard version == Self.supported else {
            throw CredentialsError(
                "The resource principal is of version \(version), and this version of runtop reads \(Self.supported).",
                advice: "Use --auth instance_principal, api_key or security_token.", kind: .unsupported)
        }
    }

    /// The name of the region. An explicit setting takes precedence.
    func region() throws(CredentialsError) -> IdentitySettings.Setting {
        try setting("REGION")
    }

    /// The session of the token and the key. Files are read again when they change.
    func session(reading files: inout TrackedFiles) throws(CredentialsError) -> Session {
        let place = Self.prefix + "RPST"
        let token = try SessionToken(
            contents("RPST", what: "session token", .token, reading: &files), source: .resourcePrincipal(place))
        let pem = try PrivateKeyPEM(
            contents("PRIVATE_PEM", what: "private key", .key, reading: &files),
            source: "private key of \(Self.prefix)PRIVATE_PEM")
        var passPhrase: Secret?
        if environment[Self.prefix + "PRIVATE_PEM_PASSPHRASE"] != nil {
            let bytes = try contents("PRIVATE_PEM_PASSPHRASE", what: "pass phrase", .key, reading: &files)
            passPhrase = Secret(
                text: String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
        }
        let key = try pem.signingKey(passPhrase: passPhrase)
        return Session(token: token, signer: RequestSigner(keyID: "ST$\(token.text)", key: key))
    }

    private func contents(
        _ name: String, what: String, _ topic: CredentialsError.Topic, reading files: inout TrackedFiles
    ) throws(CredentialsError) -> [UInt8] {
        let setting = try setting(name)
        guard setting.value.hasPrefix("/") else { return Array(setting.value.utf8) }
        return try files.readSecret(setting.value, what: "\(what) file", topic, namedIn: setting.place)
    }

    private func setting(_ name: String) throws(CredentialsError) -> IdentitySettings.Setting {
        let variable = Self.prefix + name
        guard let value = environment[variable] else {
            throw CredentialsError(
                "The resource principal is incomplete: \(variable) is not set.",
                advice: "OCI sets it; a function or job has it only when it is allowed a resource principal.")
        }
        return .init(value: value, place: variable)
    }
}

extension ResourcePrincipal: SecretHolder {
    var description: String { "ResourcePrincipal(\(Self.supported))" }
}
