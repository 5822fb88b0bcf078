/// The credentials that requests are signed with, and how they were found.
public struct Credentials: Sendable {
    /// Signs requests for as long as the process runs.
    public let authenticator: any Authenticator
    /// The region, from the flag, the environment, the profile or the instance; nil when none names one, in which case the
    /// endpoint must be given.
    public let region: Region?
    /// By which rule the region was found.
    public let regionRule: RegionRule?
    /// Whose credentials these are.
    public let account: Account
    /// Which file and profile were read.
    public let origin: Origin
    /// What works but needs attention, once.
    public let warnings: [CredentialsWarning]

    /// Where credentials come from.
    public enum Origin: Sendable, Equatable {
        case profile(name: String, file: String)
        /// No configuration file: environment variables or the machine itself give everything.
        case environment
    }
}

/// Whose credentials, and in which files: nothing secret, for a report.
public struct Account: Sendable, Equatable {
    public var method: SignInMethod
    /// The tenancy's OCID, where it is given.
    public var tenancy: String?
    /// The user's OCID, for an API key.
    public var user: String?
    /// The key's file; nil when the key is in the environment, or comes from OCI.
    public var keyFile: String?
    /// The fingerprint of an API key, which matches the configured one.
    public var fingerprint: String?
    /// The file of a session token.
    public var tokenFile: String?

    init(method: SignInMethod, tenancy: String? = nil, user: String? = nil) {
        self.method = method
        self.tenancy = tenancy
        self.user = user
    }
}
