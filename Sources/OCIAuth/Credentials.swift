/// Who we are, where, and how that was found out.
public struct Credentials: Sendable {
    /// Signs requests for as long as the process runs.
    public let authenticator: any Authenticator
    /// The region, from the flag, the environment or the profile; nil when none names one, which an explicit
    /// endpoint makes up for.
    public let region: Region?
    /// The tenancy's OCID, where it is said.
    public let tenancy: String?
    /// Which file and profile were read.
    public let origin: Origin
    /// What works but deserves a word, once.
    public let warnings: [CredentialsWarning]

    /// Where credentials come from.
    public enum Origin: Sendable, Equatable {
        case profile(name: String, file: String)
        /// No configuration file: the `OCI_CLI_…` variables say everything.
        case environment
    }
}
