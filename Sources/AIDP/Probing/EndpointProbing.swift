/// How far a connection to a host gets, step by step.
public protocol EndpointProbing: Sendable {
    /// The addresses that a name resolves to, as text.
    func addresses(of host: String, port: Int) async throws(ProbeFailure) -> [String]
    /// Opens a connection, through the proxy where there is one, and closes it; the milliseconds it took.
    func connect(to host: String, port: Int, through proxy: ProxySettings?) async throws(ProbeFailure) -> Int
    /// The same with a TLS handshake.
    func handshake(
        with host: String, port: Int, through proxy: ProxySettings?, trusting roots: TrustRoots
    ) async throws(ProbeFailure) -> TLSFacts
}

/// Why a step failed, for the operator; it may quote the other side.
public struct ProbeFailure: Error, Sendable, Equatable {
    public var message: String
    /// What to do about it, one sentence.
    public var advice: String
    /// Whether the certificate's authority is not trusted.
    public var isAboutTrust: Bool

    public init(_ message: String, advice: String, isAboutTrust: Bool = false) {
        self.message = message
        self.advice = advice
        self.isAboutTrust = isAboutTrust
    }
}
