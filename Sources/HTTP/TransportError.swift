/// Why there is no whole response.
package struct TransportError: Error, Sendable, Equatable {
    /// What a transport can tell apart.
    package enum Kind: Sendable, Equatable, CaseIterable {
        /// The deadline for head and body passed.
        case timedOut
        /// The name of the host was not found.
        case nameResolution
        /// Nothing listens there.
        case connectionRefused
        /// The proxy cannot be reached, or refuses the connection.
        case proxy
        /// The proxy does not accept our user and password.
        case proxyAuthentication
        /// The connection ended in the middle.
        case connectionLost
        /// The certificate was not accepted, or the handshake failed.
        case tls
        /// The answer is not HTTP, or cannot be inflated.
        case malformedResponse
        /// The body was larger than the limit.
        case responseTooLarge
        /// The caller cancelled the exchange.
        case cancelled

        /// What the operator can do; empty when there is nothing to do.
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
    /// What happened, for the operator; it may quote the other side.
    package var message: String
    /// What to do about it: the kind's advice where nothing more is known.
    package var advice: String
    /// Whether the certificate's authority is not trusted: then a report says which ones are.
    package var isAboutTrust: Bool

    package init(_ kind: Kind, _ message: String, advice: String? = nil, isAboutTrust: Bool = false) {
        self.kind = kind
        self.message = message
        self.advice = advice ?? kind.advice
        self.isAboutTrust = isAboutTrust
    }

    package static let cancelled = TransportError(.cancelled, "the request was cancelled")
}
