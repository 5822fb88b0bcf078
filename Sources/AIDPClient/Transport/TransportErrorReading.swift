import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix
import NIOSSL

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension TransportError {
    /// Puts what the libraries beneath say into the operator's words.
    init(_ error: any Error, maximumBodySize: Int) {
        switch error {
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
        case .connectTimeout, .tlsHandshakeTimeout:
            self.init(.timedOut, "no connection in time")
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
        case ETIMEDOUT: self.init(.timedOut, "no connection in time")
        case EHOSTUNREACH, ENETUNREACH, ENETDOWN: self.init(.connectionLost, "there is no route to the host")
        case ECONNRESET, EPIPE, ECONNABORTED:
            self.init(.connectionLost, "the connection was closed before the answer was complete")
        default: self.init(.connectionLost, "the connection failed: \(Self.text(error))")
        }
    }

    private init(_ error: ChannelError) {
        switch error {
        case .connectTimeout: self.init(.timedOut, "no connection in time")
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
        let words =
            if text.contains("CERTIFICATE_VERIFY_FAILED") || text.contains("unableToValidateCertificate") {
                "the certificate is not trusted: its authority is unknown, or it has expired"
            } else if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") {
                "the port does not speak TLS"
            } else if text.lowercased().contains("hostname") {
                "the certificate is for another name"
            } else if text.contains("noSuchFilesystemObject") || text.contains("failedToLoadCertificate") {
                "the file of certificate authorities cannot be read"
            } else {
                "the TLS handshake failed: \(text)"
            }
        if case NIOSSLError.uncleanShutdown = error {
            self.init(.connectionLost, "the connection was closed before the answer was complete")
        } else {
            self.init(.tls, words)
        }
    }

    private static func text(_ error: any Error) -> String { "\(error)".bounded(to: 160).onOneLine }
}
