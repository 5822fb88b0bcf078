/// Something about the credentials that works but deserves a word, once.
public enum CredentialsWarning: Sendable, Equatable {
    /// A configuration, key or token file has a mode that lets others at it: any but 0600, 0400 and their like.
    ///
    /// Worth a warning and not a refusal, as in the OCI command line, where such files have always worked.
    case openToOthers(path: String, permissions: UInt32)
    /// There is a pass phrase, and the key is not encrypted.
    case needlessPassPhrase(source: String)
    /// The region is in no table; it is taken to be in this domain.
    case unknownRegion(String, assumedDomain: String)

    /// A sentence or two for the operator.
    public var message: String {
        switch self {
        case .openToOthers(let path, let permissions):
            "The file \(path) is open to others (mode 0\(String(permissions, radix: 8))). "
                + "Close it with `chmod 600 \(path)`."
        case .needlessPassPhrase(let source):
            "There is a pass phrase for the \(source), which is not encrypted. "
                + "Remove the pass phrase, or encrypt the key."
        case .unknownRegion(let region, let domain):
            "The region \(region) is not known here; its domain is taken to be \(domain). "
                + "Check the name, or describe the region in ~/.oci/regions-config.json."
        }
    }
}
