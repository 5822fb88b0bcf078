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

/// Something about the credentials that works but needs attention, once.
public enum CredentialsWarning: Sendable, Equatable {
    /// The mode of a configuration, key or token file gives other users access: any but 0600, 0400 and the like.
    ///
    /// A warning and not a refusal, as in the OCI CLI, where such files have always worked.
    case openToOthers(path: String, permissions: UInt32)
    /// A configuration, key or token file belongs to another user, who is not root and so could not read or change it
    /// otherwise. A warning for the same reason.
    case ownedByAnother(path: String, userID: UInt32)
    /// There is a pass phrase, but the key is not encrypted.
    case needlessPassPhrase(source: String)
    /// The region is in no list; it is assumed to be in this domain.
    case unknownRegion(String, assumedDomain: String)

    /// A sentence or two for the operator.
    public var message: String {
        switch self {
        case .openToOthers(let path, let permissions):
            "Other users have access to the file \(path) (mode 0\(String(permissions, radix: 8))). "
                + "Close it with `chmod 600 \(path)`."
        case .ownedByAnother(let path, let userID):
            "The file \(path) belongs to another user (uid \(userID)), who can read and change it. "
                + "Use a copy of your own, or change its owner with `chown`."
        case .needlessPassPhrase(let source):
            "There is a pass phrase for the \(source), which is not encrypted. "
                + "Remove the pass phrase, or encrypt the key."
        case .unknownRegion(let region, let domain):
            "The region \(region) is not in OCI's region list; its domain is assumed to be \(domain). "
                + "Check the name, or describe the region in ~/.oci/regions-config.json."
        }
    }
}

extension CredentialsWarning {
    /// Whether it is about who can read or change a file.
    public var isAboutFileAccess: Bool {
        switch self {
        case .openToOthers, .ownedByAnother: true
        case .needlessPassPhrase, .unknownRegion: false
        }
    }
}
