/// How to sign in: the values of `--auth` and `OCI_CLI_AUTH`, under the names the OCI command line gives them.
public enum AuthenticationMode: String, Sendable, CaseIterable {
    /// What the environment says, else what the profile is made for.
    case auto
    case apiKey = "api_key"
    case securityToken = "security_token"
    case instancePrincipal = "instance_principal"
    case resourcePrincipal = "resource_principal"
    case okeWorkloadIdentity = "oke_workload_identity"
}

/// The ways to sign in.
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
                "The way to sign in \(setting.value), from \(setting.place), is not one that this version has.",
                advice: "Use one of \(known).", kind: .unsupported)
        }
        self.init(mode)
    }

    /// Whether OCI itself, rather than a profile, says who we are.
    public var isPrincipal: Bool {
        switch self {
        case .instancePrincipal, .resourcePrincipal, .okeWorkloadIdentity: true
        case .apiKey, .securityToken: false
        }
    }
}
