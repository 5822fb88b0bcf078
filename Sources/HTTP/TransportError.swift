/// Why there is no complete response.
package struct TransportError: Error, Sendable, Equatable {
    package enum Kind: Sendable, Equatable, CaseIterable {
        /// The head and the body did not arrive before the timeout.
        case timedOut
        /// The host name could not be resolved.
        case nameResolution
        /// Nothing listens at the address.
        case connectionRefused
        /// The proxy cannot be reached, or it rejects the connection.
        case proxy
        /// The proxy does not accept the user and password.
        case proxyAuthentication
        /// The connection ended before the answer was complete.
        case connectionLost
        /// The certificate was not accepted, or the TLS handshake failed.
        case tls
        /// The answer is not HTTP, or cannot be decompressed.
        case malformedResponse
        /// The body is larger than the limit.
        case responseTooLarge
        /// The caller cancelled the request.
        case cancelled

        /// What the user can do. Empty if there is nothing to do.
        package var advice: String {
            switch self {
            case .timedOut: "If it continues, check the network and the VPN, or allow more time with --timeout."
            case .nameResolution: "Check the region or the endpoint for a typo, and this machine's DNS."
            case .connectionRefused: "Check the endpoint and its port: nothing listens there."
            case .proxy: "Check HTTPS_PROXY; if the service can be reached without it, add its host to NO_PROXY."
            case .proxyAuthentication:
                "Set the user and password in HTTPS_PROXY, as in http://user:password@host:port."
            case .connectionLost: "If it continues, check the network, the VPN and the firewall."
            case .tls: "Check the endpoint's name, and this machine's certificate authorities and clock."
            case .malformedResponse: "Check the endpoint: something other than the service may be answering."
            case .responseTooLarge: "Ask for fewer runs at once."
            case .cancelled: ""
            }
        }
    }

    package var kind: Kind
    /// What happened, for the user. It may quote the server.
    package var message: String
    /// What to do. The default is the advice of the kind.
    package var advice: String
    /// Whether the certificate's authority is not trusted. A report then names the trusted authorities.
    package var isAboutTrust: Bool

    package init(_ kind: Kind, _ message: String, advice: String? = nil, isAboutTrust: Bool = false) {
        self.kind = kind
        self.message = message
        self.advice = advice ?? kind.advice
        self.isAboutTrust = isAboutTrust
    }

    package static let cancelled = TransportError(.cancelled, "the request was cancelled")
}
