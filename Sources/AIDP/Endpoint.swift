import HTTP
import OCIAuth

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
    /// The path down to the instance, each segment encoded.
    private let instancePath: String
    private let workspaceKey: String

    /// Checks and composes an endpoint.
    ///
    /// - Parameters:
    ///   - baseURL: `https://host[:port]`, as ``baseURL(in:)`` gives it; `http` only for this machine itself.
    ///   - apiVersion: the first segment of the path after the prefix.
    ///   - pathPrefix: what stands before the version; the user guide alone shows `/api`.
    ///   - collection: what the version calls the instances, where it is not what we know: `dataLakes` until 20240831,
    ///     `aiDataPlatforms` since.
    ///   - instanceID: the OCID of the AI Data Platform instance; opaque.
    ///   - workspaceKey: the key of the workspace; opaque.
    /// - Throws: `Trouble` that says which of them cannot be used.
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
        instancePath = Self.path(segments + [apiVersion, collection, instanceID])
        self.workspaceKey = workspaceKey
    }

    /// The service's own address in a region: `https://aidp.us-ashburn-1.oci.oraclecloud.com`.
    public static func baseURL(in region: Region) -> String {
        "https://" + region.host("aidp.{region}.oci.{secondLevelDomain}")
    }

    /// The address without the path: `https://aidp.us-ashburn-1.oci.oraclecloud.com`.
    public var origin: String { base.origin }

    /// The name or address of the host, and its port.
    package var hostAndPort: (host: String, port: Int) { (base.host, base.port) }

    package var isTLS: Bool { base.scheme == .https }

    /// The `host` header.
    var host: String { base.authority }

    /// Path and query of an operation: the very bytes to sign and to send.
    ///
    /// - Parameter key: what `{key}` in the operation's path stands for, not yet encoded.
    func target(_ operation: WorkflowOperation, key: String? = nil, query: [QueryItem] = []) -> String {
        let segments = operation.path.split(separator: "/").map { segment in
            switch segment {
            case "{workspaceKey}": workspaceKey
            case "{key}": key ?? ""
            default: String(segment)
            }
        }
        return instancePath + Self.path(segments) + Self.query(query)
    }

    /// The whole URL of `GET …/recentJobRuns`, for people.
    ///
    /// - Throws: ``ServiceError`` for parameters that the operation does not take.
    package func url(of request: RecentJobRunsRequest) throws(ServiceError) -> String {
        origin + target(.recentJobRuns, query: try request.query())
    }

    /// The whole URL of `GET …/jobRuns/{key}`, for people.
    package func url(ofJobRun key: String) -> String { origin + target(.getJobRun, key: key) }

    private static func path(_ segments: [String]) -> String {
        segments.map { "/" + $0.percentEncoded }.joined()
    }

    private static func query(_ items: [QueryItem]) -> String {
        let pairs = items.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }
        return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
    }
}
