import Foundation
import NIOCore
import NIOSSL
import NIOTLS
import SwiftASN1
import X509

/// The result of a TLS handshake.
package struct TLSFacts: Sendable, Equatable {
    /// The TLS version: `TLSv1.3`.
    package var version: String
    /// The distinguished name of the issuer of the server's certificate.
    package var issuer: String
    /// The DNS names that the server's certificate is valid for.
    package var names: [String]
    /// When the server's certificate becomes valid.
    package var notValidBefore: Date
    /// When the server's certificate expires.
    package var notValidAfter: Date

    package init(
        version: String, issuer: String, names: [String] = [], notValidBefore: Date = .distantPast,
        notValidAfter: Date
    ) {
        self.version = version
        self.issuer = issuer
        self.names = names
        self.notValidBefore = notValidBefore
        self.notValidAfter = notValidAfter
    }
}

/// Performs one TLS handshake with a host. Sends nothing after it.
struct TLSHandshake: Sendable {
    var connection: HostConnection
    var roots: TrustRoots

    /// - Parameter isVerified: whether an untrusted certificate is an error; if false, it is only read.
    func facts(isVerified: Bool) async throws -> TLSFacts {
        var configuration = TLSConfiguration.client(trusting: roots)
        if !isVerified { configuration.certificateVerification = .none }
        let context = try NIOSSLContext(configuration: configuration)
        // An IP address has no server name to send; the certificate is checked against the address.
        let name =
            (try? SocketAddress(ipAddress: connection.host, port: connection.port)) == nil ? connection.host : nil
        let channel = try await connection.open()
        defer { channel.close(promise: nil) }
        let (done, timeout) = (channel.eventLoop.makePromise(of: TLSFacts.self), connection.timeout)
        let late = channel.eventLoop.scheduleTask(in: timeout) { done.fail(TransportError.stalledHandshake) }
        defer { late.cancel() }
        channel.eventLoop.submit {
            try channel.pipeline.syncOperations.addHandlers(
                NIOSSLClientHandler(context: context, serverHostname: name), HandshakeReader(done))
        }.whenFailure { done.fail($0) }
        return try await done.futureResult.get()
    }

    /// Adds the reason to a certificate error, which BoringSSL does not give: a second handshake reads the certificate
    /// without trusting it. Returns any other error unchanged.
    func explaining(_ failure: TransportError, at now: Date) async -> TransportError {
        guard failure == .untrustedCertificate || failure == .otherName else { return failure }
        guard let facts = try? await facts(isVerified: false) else { return failure }
        return failure == .otherName ? facts.otherName : facts.untrusted(at: now)
    }
}

extension TLSFacts {
    /// Why the certificate is not trusted, if its dates or its issuer tell.
    fileprivate func untrusted(at now: Date) -> TransportError {
        if now > notValidAfter {
            return TransportError(
                .tls, "the certificate expired on \(Self.day(notValidAfter))",
                advice: "Whoever runs the endpoint must renew it; or this machine's clock is wrong.")
        }
        if now < notValidBefore {
            return TransportError(
                .tls, "the certificate is not valid before \(Self.day(notValidBefore))",
                advice: "Check this machine's clock.")
        }
        return TransportError(
            .tls,
            "the certificate is not trusted: its issuer is not a trusted authority: "
                + "\(issuer.bounded(to: 120).onOneLine)",
            advice: "If a gateway inspects TLS, add its authority with --ca-bundle.")
    }

    fileprivate var otherName: TransportError {
        guard let first = names.first else { return .otherName }
        let more = names.count > 1 ? " and \(names.count - 1) more" : ""
        return TransportError(
            .tls, TransportError.otherName.message + ": \(first.bounded(to: 120).onOneLine)\(more)",
            advice: "Check the endpoint for a typo.")
    }

    private static func day(_ date: Date) -> String { date.formatted(.iso8601.year().month().day()) }
}

/// Waits until the TLS handshake is complete, and reads its result.
private final class HandshakeReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let done: EventLoopPromise<TLSFacts>

    init(_ done: EventLoopPromise<TLSFacts>) { self.done = done }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        do {
            let handler = try context.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self)
            guard let peer = handler.peerCertificate else {
                throw TransportError(.tls, "the server sent no certificate")
            }
            let certificate = try Certificate(derEncoded: peer.toDERBytes())
            let version = try context.channel.pipeline.syncOperations.nioSSL_tlsVersion()
            done.succeed(TLSFacts(version: version?.name ?? "TLS", certificate))
        } catch {
            done.fail(error)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        done.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        done.fail(TransportError(.connectionLost, "the connection was closed during the TLS handshake"))
    }
}

extension TLSVersion {
    fileprivate var name: String {
        switch self {
        case .tlsv1: "TLSv1"
        case .tlsv11: "TLSv1.1"
        case .tlsv12: "TLSv1.2"
        case .tlsv13: "TLSv1.3"
        }
    }
}

extension TLSFacts {
    fileprivate init(version: String, _ certificate: Certificate) {
        let names = (try? certificate.extensions.subjectAlternativeNames).flatMap(\.self).map { names in
            names.compactMap { if case .dnsName(let name) = $0 { name } else { nil } }
        }
        self.init(
            version: version, issuer: certificate.issuer.description, names: names ?? [],
            notValidBefore: certificate.notValidBefore, notValidAfter: certificate.notValidAfter)
    }
}
