/// An exchange with a service that says who we are: the metadata service of an instance, or the identity service of a
/// region. The seam between what signing in decides and the sockets; a test stands in for it.
public protocol IdentityTransport: Sendable {
    /// Sends one request, follows no redirect, and reads the answer to its end.
    ///
    /// - Parameter timeout: for all of it, from connecting to the last byte of the body.
    func send(_ request: IdentityRequest, timeout: Duration) async throws(IdentityTransportError) -> IdentityReply
}

/// A request, ready to be sent.
public struct IdentityRequest: Sendable {
    /// `GET` or `POST`.
    public var method: String
    /// The whole URL; the bytes after its authority are those that were signed.
    public var url: String
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]?
    /// A PEM file of authorities to trust besides the system's, where the other side has one of its own.
    public var certificateFile: String?

    public init(method: String, url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// An answer, whatever its status.
public struct IdentityReply: Sendable {
    public var status: Int
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The `opc-request-id` of the other side, as much of it as anyone will quote.
    public var requestID: String? {
        let id = headers.first { $0.name.lowercased() == "opc-request-id" }?.value ?? ""
        return id.isEmpty ? nil : String(id.prefix(200))
    }

    /// The end of a sentence about a refusal, such as "refused with 401: It is unknown, opc-request-id A/B.".
    ///
    /// - Parameter said: what the other side said, if anything.
    func refusal(saying said: String = "") -> String {
        let words = said.hasSuffix(".") ? said.dropLast() : said[...]
        return "refused with \(status)" + (words.isEmpty ? "" : ": \(words.prefix(300))")
            + (requestID.map { ", opc-request-id \($0)" } ?? "") + "."
    }
}

/// Why there is no whole answer.
public struct IdentityTransportError: Error, Sendable, Equatable {
    /// What happened, for the operator; it may quote the other side.
    public var message: String
    /// Whether nobody answered in time, as opposed to somebody refusing.
    public var isTimeout: Bool

    public init(_ message: String, isTimeout: Bool = false) {
        self.message = message
        self.isTimeout = isTimeout
    }
}
