/// The credentials that sign requests, and how they were found.
public struct Credentials: Sendable {
    /// Signs requests. It can be used for the lifetime of the process.
    public let authenticator: any Authenticator
    /// The region from the flag, the environment, the profile or the instance; nil if none of them names one. The
    /// endpoint must then be given.
    public let region: Region?
    /// How the region was found.
    public let regionRule: RegionRule?
    /// The user and the files of the credentials.
    public let account: Account
    /// The profile and the file that were read.
    public let origin: Origin
    /// Problems that do not prevent signing in. Show them once.
    public let warnings: [CredentialsWarning]

    /// Where credentials come from.
    public enum Origin: Sendable, Equatable {
        case profile(name: String, file: String)
        /// Environment variables or the machine's identity, without a configuration file.
        case environment
    }
}

/// The user and the files of the credentials, for a report. Contains no secrets.
public struct Account: Sendable, Equatable {
    public var method: SignInMethod
    /// The tenancy's OCID, if known.
    public var tenancy: String?
    /// The user's OCID, for an API key.
    public var user: String?
    /// The file of the key; nil if the key is in the environment, or if OCI provides it.
    public var keyFile: String?
    /// The fingerprint of an API key, calculated from the key. It matches the configured one.
    public var fingerprint: String?
    /// The file of a session token.
    public var tokenFile: String?

    init(method: SignInMethod, tenancy: String? = nil, user: String? = nil) {
        self.method = method
        self.tenancy = tenancy
        self.user = user
    }
}

/// A problem of the credentials that does not prevent signing in.
public enum CredentialsWarning: Sendable, Equatable {
    /// The permissions of a configuration, key or token file give other users access.
    ///
    /// This is only a warning, as in the OCI CLI.
    case openToOthers(path: String, permissions: UInt32)
    /// A configuration, key or token file belongs to another user who is not root and could therefore read or change
    /// it. This is only a warning, as in the OCI CLI.
    case ownedByAnother(path: String, userID: UInt32)
    /// A pass phrase is configured, but the key is not encrypted.
    case needlessPassPhrase(source: String)
    /// The region is unknown. This domain is assumed.
    case unknownRegion(String, assumedDomain: String)

    /// One or two sentences for the user.
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
    /// Whether the warning is about the permissions or the owner of a file.
    public var isAboutFileAccess: Bool {
        switch self {
        case .openToOthers, .ownedByAnother: true
        case .needlessPassPhrase, .unknownRegion: false
        }
    }
}
