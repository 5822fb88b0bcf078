import OCIAuth

/// A network that nobody answers on.
struct NoNetwork: IdentityTransport {
    func send(_ request: IdentityRequest, timeout: Duration) async throws(IdentityTransportError) -> IdentityReply {
        throw IdentityTransportError("nobody answers", isTimeout: true)
    }
}
