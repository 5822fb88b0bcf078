/// An exchange with a service that signing in needs: the metadata service of an instance, or the identity service of a
/// region. Tests replace it.
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
    /// A PEM file of the only authorities to trust, for a service with a certificate authority of its own. Such a request
    /// goes through no proxy.
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

    /// The `opc-request-id` of the answer, at most 200 characters of it.
    public var requestID: String? {
        let id = headers.first { $0.name.lowercased() == "opc-request-id" }?.value ?? ""
        return id.isEmpty ? nil : String(id.prefix(200))
    }

    /// The end of a sentence about a refusal, such as "refused with 401: It is unknown, opc-request-id A/B.".
    ///
    /// - Parameter said: the message of the answer, if there is one.
    func refusal(saying said: String = "") -> String {
        let words = said.hasSuffix(".") ? said.dropLast() : said[...]
        return "refused with \(status)" + (words.isEmpty ? "" : ": \(words.prefix(300))")
            + (requestID.map { ", opc-request-id \($0)" } ?? "") + "."
    }
}

/// Why there is no complete answer.
public struct IdentityTransportError: Error, Sendable, Equatable {
    /// What happened, for the operator; it may quote the answer.
    public var message: String
    /// Whether there was no answer in time.
    public var isTimeout: Bool

    public init(_ message: String, isTimeout: Bool = false) {
        self.message = message
        self.isTimeout = isTimeout
    }
}
