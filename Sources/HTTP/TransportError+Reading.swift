import AsyncHTTPClient
import Glibc
import NIOCore
import NIOExtras
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix
import NIOSSL

extension TransportError {
    /// Converts an error of the libraries to a message for the user.
    ///
    /// - Parameter proxy: the proxy, if one is used. An error while connecting is then the proxy's.
    init(_ error: any Error, maximumBodySize: Int, through proxy: ProxySettings?) {
        self.init(error, maximumBodySize: maximumBodySize)
        guard let proxy, [.nameResolution, .connectionRefused].contains(kind) || self == .noConnection else { return }
        self = TransportError(.proxy, "the proxy \(proxy.address) cannot be reached: \(message)")
    }

    /// No answer to the attempt to connect.
    static let noConnection = TransportError(
        .timedOut, "no connection in time",
        advice: "Check the network, the firewall, and whether a proxy is needed (HTTPS_PROXY).")
    /// The connection is open, but the TLS handshake did not complete.
    static let stalledHandshake = TransportError(
        .timedOut, "the TLS handshake was not completed in time",
        advice: "Check the endpoint and its port, and whether a firewall or a gateway inspects TLS on the way.")
    /// The server supports no TLS version that runtop accepts.
    static let outdatedTLS = TransportError(
        .tls, "the server speaks only TLS 1.1 or older, and runtop accepts TLS 1.2 or newer",
        advice: "Whoever runs the endpoint, or a gateway in front of it, must allow TLS 1.2.")
    /// The certificate's authority is not trusted, or the certificate is outside its dates.
    static let untrustedCertificate = TransportError(
        .tls, "the certificate is not trusted: its authority is unknown, or it has expired")
    /// The certificate is trusted, but for another host.
    static let otherName = TransportError(.tls, "the certificate is for another name")
    private static let proxyAuthentication = TransportError(
        .proxyAuthentication, "the proxy requires a user and a password, or other ones (407)")
    private static let proxyRefusal = TransportError(.proxy, "the proxy refuses the connection")

    private init(_ error: any Error, maximumBodySize: Int) {
        switch error {
        case let error as TransportError: self = error
        case let error as NIOHTTP1ProxyConnectHandler.Error: self.init(error)
        case let error as HTTPClientError: self.init(error)
        case let error as NIOConnectionError: self.init(error)
        case let error as IOError: self.init(error)
        case let error as ChannelError: self.init(error)
        case let error as HTTPParserError: self.init(error)
        case let error as StatusGuard.ImpossibleStatus:
            self.init(.malformedResponse, "the answer has the impossible status \(error.status)")
        case is NIOTooManyBytesError, NIOHTTPDecompression.DecompressionError.limit:
            let mebibytes = maximumBodySize / (1024 * 1024)
            let limit = mebibytes > 0 ? "\(mebibytes) MiB" : "\(maximumBodySize) bytes"
            self.init(.responseTooLarge, "the answer is larger than \(limit)")
        case is NIOHTTPDecompression.DecompressionError, is NIOHTTPDecompression.ExtraDecompressionError:
            self.init(.malformedResponse, "the compressed answer cannot be inflated")
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: self.init(tls: error)
        case is CancellationError: self = .cancelled
        default: self.init(.connectionLost, "the connection failed: \(Self.text(error))")
        }
    }

    private init(_ error: HTTPClientError) {
        switch error {
        case .connectTimeout: self = .noConnection
        case .tlsHandshakeTimeout: self = .stalledHandshake
        case .proxyAuthenticationRequired: self = .proxyAuthentication
        case .invalidProxyResponse: self = .proxyRefusal
        case .httpProxyHandshakeTimeout: self.init(.proxy, "the proxy did not answer in time")
        case .readTimeout, .writeTimeout, .deadlineExceeded, .getConnectionFromPoolTimeout:
            self.init(.timedOut, "no answer in time")
        case .remoteConnectionClosed, .uncleanShutdown:
            self.init(.connectionLost, "the connection was closed before the answer was complete")
        case .cancelled, .requestStreamCancelled, .alreadyShutdown:
            self = .cancelled
        default:
            self.init(.connectionLost, "the exchange failed: \(Self.text(error))")
        }
    }

    private init(_ error: NIOHTTP1ProxyConnectHandler.Error) {
        switch error {
        case .proxyAuthenticationRequired(): self = .proxyAuthentication
        case .httpProxyHandshakeTimeout(): self.init(.proxy, "the proxy did not answer in time")
        case .remoteConnectionClosed(), .channelUnexpectedlyInactive():
            self.init(.proxy, "the proxy closed the connection")
        default: self = .proxyRefusal
        }
    }

    private init(_ error: NIOConnectionError) {
        if let failure = error.connectionErrors.first {
            self.init(failure.error, maximumBodySize: 0)
        } else {
            self.init(.nameResolution, "the name \(error.host.bounded(to: 120)) was not found")
        }
    }

    private init(_ error: IOError) {
        switch error.errnoCode {
        case ECONNREFUSED: self.init(.connectionRefused, "the connection was refused")
        case ETIMEDOUT: self = .noConnection
        case EHOSTUNREACH, ENETUNREACH, ENETDOWN: self.init(.connectionLost, "there is no route to the host")
        case ECONNRESET, EPIPE, ECONNABORTED:
            self.init(.connectionLost, "the connection was closed before the answer was complete")
        default: self.init(.connectionLost, "the connection failed: \(Self.text(error))")
        }
    }

    private init(_ error: ChannelError) {
        switch error {
        case .connectTimeout: self = .noConnection
        case .eof, .ioOnClosedChannel, .alreadyClosed, .inputClosed:
            self.init(.connectionLost, "the connection was closed before the answer was complete")
        default: self.init(.connectionLost, "the connection failed: \(Self.text(error))")
        }
    }

    private init(_ error: HTTPParserError) {
        switch error {
        case .invalidEOFState, .closedConnection:
            self.init(.connectionLost, "the connection was closed before the answer was complete")
        case .headerOverflow:
            self.init(.responseTooLarge, "the headers of the answer are too large")
        default:
            self.init(.malformedResponse, "the answer is not HTTP: \(Self.text(error))")
        }
    }

    private init(tls error: any Error) {
        let text = Self.text(error)
        if case NIOSSLError.uncleanShutdown = error {
            self.init(.connectionLost, "the connection was closed before the answer was complete")
        } else if text.contains("CERTIFICATE_VERIFY_FAILED") || text.contains("unableToValidateCertificate") {
            self = .untrustedCertificate
        } else if text.contains("UNSUPPORTED_PROTOCOL") || text.contains("PROTOCOL_VERSION") {
            self = .outdatedTLS
        } else if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") {
            self.init(.tls, "the port does not speak TLS", advice: "Check the endpoint's port.")
        } else if text.lowercased().contains("hostname") {
            self = .otherName
        } else if text.contains("noSuchFilesystemObject") || text.contains("failedToLoadCertificate") {
            self.init(.tls, "the file of certificate authorities cannot be read")
        } else {
            self.init(.tls, "the TLS handshake failed: \(text)")
        }
    }

    private static func text(_ error: any Error) -> String { "\(error)".bounded(to: 160).onOneLine }
}
