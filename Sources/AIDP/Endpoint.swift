import HTTP

/// Where the service is: its address, the version of its API, and the workspace.
///
/// Signed requests go to this address and to no other.
public struct Endpoint: Sendable, Equatable {
    /// The version of the API that the reference page documents.
    public static let defaultAPIVersion = "20260430"
    /// The version before, which some tenancies still serve.
    static let olderAPIVersion = "20240831"

    let base: BaseURL
    /// The version in every path.
    let apiVersion: String
    /// The path down to the instance's workspaces, each segment encoded.
    private let workspaces: String
    /// The path down to the workspace.
    private let workspace: String

    /// Checks and composes an endpoint.
    ///
    /// - Parameters:
    ///   - baseURL: `https://host[:port]`; `http` only for this machine itself.
    ///   - apiVersion: the first segment of the path after the prefix.
    ///   - pathPrefix: what stands before the version; the user guide alone shows `/api`.
    ///   - collection: what the version calls the instances, where it is not what we know: `dataLakes` until 20240831,
    ///     `aiDataPlatforms` since.
    ///   - instanceID: the OCID of the AI Data Platform instance; opaque.
    ///   - workspaceKey: the key of the workspace; opaque.
    public init(
        baseURL: String, apiVersion: String = defaultAPIVersion, pathPrefix: String = "",
        collection: String? = nil, instanceID: String, workspaceKey: String
    ) throws(Trouble) {
        base = try BaseURL(baseURL)
        self.apiVersion = apiVersion
        let collection = collection ?? (apiVersion == Self.olderAPIVersion ? "dataLakes" : "aiDataPlatforms")
        let segments = try base.path + BaseURL.segments(pathPrefix)
        let named = [
            ("API version", apiVersion), ("collection", collection), ("instance id", instanceID),
            ("workspace key", workspaceKey),
        ]
        // A dot segment survives percent-encoding, and the server would resolve it away.
        for (name, value) in named where value.isEmpty || value == "." || value == ".." {
            throw Trouble(
                "The \(name) is \(value.isEmpty ? "empty" : value.quoted).", advice: "Give the \(name) of the instance."
            )
        }
        workspaces = Self.path(segments + [apiVersion, collection, instanceID, "workspaces"])
        workspace = workspaces + Self.path([workspaceKey])
    }

    /// `https://aidp.{region}.oci.{secondLevelDomain}`, the service's default address in a region.
    public static func defaultBaseURL(region: String, secondLevelDomain: String) -> String {
        "https://aidp.\(region).oci.\(secondLevelDomain)"
    }

    /// The address without the path, for a header line: `https://aidp.us-ashburn-1.oci.oraclecloud.com`.
    public var origin: String { base.origin }

    /// The name or address of the host, and its port.
    public var hostAndPort: (host: String, port: Int) { (base.host, base.port) }

    /// Whether it uses TLS.
    public var isTLS: Bool { base.scheme == .https }

    /// The `host` header.
    var host: String { base.authority }

    /// Path and query of something in the workspace: the very bytes to sign and to send.
    func target(_ segments: String..., query: [QueryItem] = []) -> String {
        workspace + Self.path(segments) + Self.query(query)
    }

    /// Path and query of the list of the instance's workspaces.
    func workspacesTarget(query: [QueryItem]) -> String { workspaces + Self.query(query) }

    private static func path(_ segments: [String]) -> String {
        segments.map { "/" + $0.percentEncoded }.joined()
    }

    private static func query(_ items: [QueryItem]) -> String {
        let pairs = items.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }
        return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
    }
}

/// One name and value of a query, not yet encoded; a name may come more than once.
struct QueryItem: Sendable, Equatable {
    var name: String
    var value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
