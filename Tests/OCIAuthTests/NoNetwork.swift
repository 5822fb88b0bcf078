import HTTP

/// A network without any server.
struct NoNetwork: HTTPTransport {
    func send(_ request: HTTPRequest, timeout: Duration) async throws(TransportError) -> HTTPReply {
        throw TransportError(.timedOut, "nobody answers")
    }
}

extension HTTPRequest {
    /// The complete URL, as a user writes it.
    var url: String { address.origin + target }
}
