import HTTP

/// A network that nobody answers on.
struct NoNetwork: HTTPTransport {
    func send(_ request: HTTPRequest, timeout: Duration) async throws(TransportError) -> HTTPReply {
        throw TransportError(.timedOut, "nobody answers")
    }
}

extension HTTPRequest {
    /// The whole URL, as an operator writes it.
    var url: String { address.origin + target }
}
