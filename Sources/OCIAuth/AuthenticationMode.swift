/// How to sign in: the values of `--auth` and `OCI_CLI_AUTH`, under the names the OCI command line gives them.
public enum AuthenticationMode: String, Sendable, CaseIterable {
    /// What the environment says, else what the profile is made for.
    case auto
    case apiKey = "api_key"
    case securityToken = "security_token"
    case instancePrincipal = "instance_principal"
    case resourcePrincipal = "resource_principal"
}

/// The ways to sign in that this version has.
enum SignInMethod: Sendable {
    case apiKey
    case securityToken

    /// The method a mode stands for, or nil for `auto`.
    /// - Parameter place: where the mode was asked for, as in "--auth".
    init?(_ mode: AuthenticationMode, from place: String) throws(CredentialsError) {
        switch mode {
        case .auto: return nil
        case .apiKey: self = .apiKey
        case .securityToken: self = .securityToken
        case .instancePrincipal, .resourcePrincipal: throw Self.unsupported(mode.rawValue, from: place)
        }
    }

    /// The method that the environment or a profile names, or nil for `auto`.
    init?(named setting: IdentitySettings.Setting) throws(CredentialsError) {
        guard let mode = AuthenticationMode(rawValue: setting.value.lowercased()) else {
            throw Self.unsupported(setting.value, from: setting.place)
        }
        try self.init(mode, from: setting.place)
    }

    private static func unsupported(_ name: String, from place: String) -> CredentialsError {
        CredentialsError(
            "The way to sign in \(name), from \(place), is not one that this version has.",
            advice: "This version signs in with API keys and session tokens only: use api_key or security_token.",
            kind: .unsupported)
    }
}
