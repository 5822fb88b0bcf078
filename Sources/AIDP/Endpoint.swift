import HTTP
import OCIAuth

/// The address of the service, the version of its API, and the workspace.
///
/// The client sends signed requests to no other address.
public struct Endpoint: Sendable, Equatable {
    /// The API version that Oracle's reference page documents.
    public static let defaultAPIVersion = "20260430"
    /// The previous API version, which some tenancies still serve.
    static let olderAPIVersion = "20240831"

    let base: BaseURL
    /// The API version that every path contains.
    let apiVersion: String
    /// The path up to the instance, percent-encoded.
    private let instancePath: String
    private let workspaceKey: String

    /// Checks the values and builds the endpoint.
    ///
    /// - Parameters:
    ///   - baseURL: `https://host[:port]`, as ``baseURL(in:)`` returns it; `http` only for the local machine.
    ///   - apiVersion: the segment of the path after the prefix.
    ///   - pathPrefix: the segments before the version. Usually empty; only the user guide shows `/api`.
    ///   - collection: the path segment for the instances. The default is `dataLakes` for version 20240831 and
    ///     `aiDataPlatforms` for others.
    ///   - instanceID: the OCID of the AI Data Platform instance. Its format is not checked.
    ///   - workspaceKey: the key of the workspace. Its format is not checked.
    /// - Throws: `Trouble`, which names the value that cannot be used.
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
        // Percent-encoding does not change a dot segment, and the server would resolve it to another path.
        for (name, value) in named where value.isEmpty || value == "." || value == ".." {
            throw Trouble(
                "The \(name) is \(value.isEmpty ? "empty" : value.quoted).", advice: "Give the \(name) of the instance."
            )
        }
        instancePath = Self.path(segments + [apiVersion, collection, instanceID])
        self.workspaceKey = workspaceKey
    }

    /// The address of the service in a region: `https://aidp.us-ashburn-1.oci.oraclecloud.com`.
    public static func baseURL(in region: Region) -> String {
        "https://" + region.host("aidp.{region}.oci.{secondLevelDomain}")
    }

    /// The address without the path: `https://aidp.us-ashburn-1.oci.oraclecloud.com`.
    public var origin: String { base.origin }

    /// The host (a name or an IP address) and the port.
    package var hostAndPort: (host: String, port: Int) { (base.host, base.port) }

    package var isTLS: Bool { base.scheme == .https }

    /// The value of the `host` header.
    var host: String { base.authority }

    /// The path and query of an operation, exactly as they are signed and sent.
    ///
    /// - Parameter key: the value for `{key}` in the path of the operation, not percent-encoded.
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

    /// The complete URL of `GET …/recentJobRuns`, to show to people.
    ///
    /// - Throws: ``ServiceError`` if a parameter is outside its documented range.
    package func url(of request: RecentJobRunsRequest) throws(ServiceError) -> String {
        origin + target(.recentJobRuns, query: try request.query())
    }

    /// The complete URL of `GET …/jobRuns/{key}`, to show to people.
    package func url(ofJobRun key: String) -> String { origin + target(.getJobRun, key: key) }

    private static func path(_ segments: [String]) -> String {
        segments.map { "/" + $0.percentEncoded }.joined()
    }

    private static func query(_ items: [QueryItem]) -> String {
        let pairs = items.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }
        return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
    }
}
