import AsyncHTTPClient
import Glibc
import NIOCore
import NIOExtras
import NIOHTTP1
import NIOHTTPCompression
import NIOSSL
import TestSupport
import Testing

@testable import HTTP

/// The messages for the errors of the libraries.
@Suite("The messages for a failed exchange")
struct TransportErrorTests {
    /// An error, with the expected kind and the beginning of the expected message.
    typealias Row = (error: any Error, kind: TransportError.Kind, message: String)

    private static let closed = "the connection was closed before the answer was complete"

    private static let rows: [Row] = [
        (HTTPClientError.connectTimeout, .timedOut, "no connection in time"),
        (HTTPClientError.tlsHandshakeTimeout, .timedOut, "the TLS handshake was not completed in time"),
        (HTTPClientError.proxyAuthenticationRequired, .proxyAuthentication, "the proxy requires a user and a password"),
        (HTTPClientError.invalidProxyResponse, .proxy, "the proxy refuses the connection"),
        (HTTPClientError.httpProxyHandshakeTimeout, .proxy, "the proxy did not answer in time"),
        (HTTPClientError.readTimeout, .timedOut, "no answer in time"),
        (HTTPClientError.deadlineExceeded, .timedOut, "no answer in time"),
        (HTTPClientError.remoteConnectionClosed, .connectionLost, closed),
        (HTTPClientError.uncleanShutdown, .connectionLost, closed),
        (HTTPClientError.cancelled, .cancelled, "the request was cancelled"),
        (HTTPClientError.alreadyShutdown, .cancelled, "the request was cancelled"),
        (HTTPClientError.emptyHost, .connectionLost, "the exchange failed: "),
        (NIOHTTP1ProxyConnectHandler.Error.proxyAuthenticationRequired(), .proxyAuthentication, "the proxy requires"),
        (NIOHTTP1ProxyConnectHandler.Error.httpProxyHandshakeTimeout(), .proxy, "the proxy did not answer in time"),
        (NIOHTTP1ProxyConnectHandler.Error.remoteConnectionClosed(), .proxy, "the proxy closed the connection"),
        (IOError(errnoCode: ECONNREFUSED, reason: "connect"), .connectionRefused, "the connection was refused"),
        (IOError(errnoCode: ETIMEDOUT, reason: "connect"), .timedOut, "no connection in time"),
        (IOError(errnoCode: EHOSTUNREACH, reason: "connect"), .connectionLost, "there is no route to the host"),
        (IOError(errnoCode: ENETUNREACH, reason: "connect"), .connectionLost, "there is no route to the host"),
        (IOError(errnoCode: ECONNRESET, reason: "read"), .connectionLost, closed),
        (IOError(errnoCode: EPIPE, reason: "write"), .connectionLost, closed),
        (IOError(errnoCode: EACCES, reason: "connect"), .connectionLost, "the connection failed: "),
        (ChannelError.connectTimeout(.seconds(1)), .timedOut, "no connection in time"),
        (ChannelError.ioOnClosedChannel, .connectionLost, closed),
        (ChannelError.operationUnsupported, .connectionLost, "the connection failed: "),
        (HTTPParserError.invalidEOFState, .connectionLost, closed),
        (HTTPParserError.headerOverflow, .responseTooLarge, "the headers of the answer are too large"),
        (HTTPParserError.invalidStatus, .malformedResponse, "the answer is not HTTP: "),
        (StatusGuard.ImpossibleStatus(status: 0), .malformedResponse, "the answer has the impossible status 0"),
        (NIOTooManyBytesError(maxBytes: 1), .responseTooLarge, "the answer is larger than 2 MiB"),
        (NIOHTTPDecompression.DecompressionError.limit, .responseTooLarge, "the answer is larger than 2 MiB"),
        (
            NIOHTTPDecompression.DecompressionError.inflationError(1), .malformedResponse,
            "the compressed answer cannot be inflated"
        ),
        (NIOSSLError.uncleanShutdown, .connectionLost, closed),
        (NIOSSLExtraError.failedToValidateHostname, .tls, "the certificate is for another name"),
        (NIOSSLError.unableToValidateCertificate, .tls, "the certificate is not trusted"),
        (NIOSSLError.noSuchFilesystemObject, .tls, "the file of certificate authorities cannot be read"),
        (NIOSSLError.failedToLoadCertificate, .tls, "the file of certificate authorities cannot be read"),
        (NIOSSLError.noCertificateToValidate, .tls, "the TLS handshake failed: "),
        (CancellationError(), .cancelled, "the request was cancelled"),
        (Other(), .connectionLost, "the connection failed: Other()"),
    ]

    private struct Other: Error {}

    @Test("say what happened, and have the right kind", arguments: rows.indices)
    func words(_ index: Int) {
        let row = Self.rows[index]
        let error = TransportError(row.error, maximumBodySize: 2 << 20, through: nil)
        #expect(error.kind == row.kind, "\(row.error)")
        #expect(error.message.hasPrefix(row.message), "\(row.error): \(error.message)")
    }

    @Test("name the proxy if the connection to it failed, but not for a failure beyond the proxy")
    func proxies() throws {
        let proxy = try ProxySettings(environment: ["HTTPS_PROXY": "http://me:secret@proxy.example.com"])
        func read(_ error: any Error) -> TransportError { TransportError(error, maximumBodySize: 0, through: proxy) }
        for error in [
            HTTPClientError.connectTimeout, IOError(errnoCode: ECONNREFUSED, reason: "connect"),
            ChannelError.connectTimeout(.seconds(1)), TransportError(.nameResolution, "the name was not found"),
        ] as [any Error] {
            #expect(read(error).kind == .proxy)
            #expect(read(error).message.hasPrefix("the proxy http://proxy.example.com:3128 cannot be reached: "))
        }
        for error in [
            HTTPClientError.tlsHandshakeTimeout, TransportError.stalledHandshake, HTTPClientError.readTimeout,
            NIOSSLError.unableToValidateCertificate, HTTPClientError.remoteConnectionClosed,
        ] as [any Error] {
            #expect(!read(error).message.contains("proxy"), "\(error)")
        }
    }

    @Test("a body limit below a mebibyte is given in bytes")
    func smallLimit() {
        let error = TransportError(NIOTooManyBytesError(maxBytes: 1), maximumBodySize: 1_000, through: nil)
        #expect(error.message == "the answer is larger than 1000 bytes")
    }

    @Test("a TLS handshake that stalls behind a working proxy is not blamed on the proxy, by the doctor's probe either")
    func stalledBehindProxy() async throws {
        let tunnel = FaultServer.Step.text("HTTP/1.1 200 Connection established\r\n\r\n")
        try await FaultServer.run(tunnel) { server in
            let proxy = try ProxySettings(environment: ["HTTPS_PROXY": "http://127.0.0.1:\(server.port)"])
            let failure = await #expect(throws: TransportError.self) {
                try await LiveProbe(timeout: .milliseconds(500)).handshake(
                    with: "aidp.example.com", port: 443, through: proxy, trusting: TrustRoots())
            }
            #expect(failure?.message == "the TLS handshake was not completed in time")
            #expect(server.requests.first?.hasPrefix("CONNECT aidp.example.com:443 HTTP/1.1\r\n") == true)
        }
    }
}
