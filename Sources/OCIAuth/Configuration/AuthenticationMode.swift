/// How to sign in: the values of `--auth` and `OCI_CLI_AUTH`, named as in the OCI CLI.
public enum AuthenticationMode: String, Sendable, CaseIterable {
    /// As the environment says, or else as the profile is set up.
    case auto
    case apiKey = "api_key"
    case securityToken = "security_token"
    case instancePrincipal = "instance_principal"
    case resourcePrincipal = "resource_principal"
    case okeWorkloadIdentity = "oke_workload_identity"
}

/// The sign-in methods.
public enum SignInMethod: String, Sendable, Equatable {
    case apiKey = "API key"
    case securityToken = "session token"
    case instancePrincipal = "instance principal"
    case resourcePrincipal = "resource principal"
    case okeWorkloadIdentity = "OKE workload identity"

    /// The method a mode stands for, or nil for `auto`.
    init?(_ mode: AuthenticationMode) {
        switch mode {
        case .auto: return nil
        case .apiKey: self = .apiKey
        case .securityToken: self = .securityToken
        case .instancePrincipal: self = .instancePrincipal
        case .resourcePrincipal: self = .resourcePrincipal
        case .okeWorkloadIdentity: self = .okeWorkloadIdentity
        }
    }

    /// The method that the environment or a profile names, or nil for `auto`.
    init?(named setting: IdentitySettings.Setting) throws(CredentialsError) {
        guard let mode = AuthenticationMode(rawValue: setting.value.lowercased()) else {
            let known = AuthenticationMode.allCases.map(\.rawValue).joined(separator: ", ")
            throw CredentialsError(
                "Unknown sign-in method \(setting.value), from \(setting.place).",
                advice: "Use one of \(known).", kind: .unsupported)
        }
        self.init(mode)
    }

    /// Whether the identity comes from OCI itself rather than from a profile.
    public var isPrincipal: Bool {
        switch self {
        case .instancePrincipal, .resourcePrincipal, .okeWorkloadIdentity: true
        case .apiKey, .securityToken: false
        }
    }
}
