import Foundation
import NIOCore
import NIOPosix

/// The real network, by NIO; no step takes longer than its time-out.
public struct LiveProbe: EndpointProbing {
    private let timeout: TimeAmount
    private let now: @Sendable () -> Date

    /// - Parameter timeout: for one step.
    public init(timeout: Duration, now: @escaping @Sendable () -> Date = { Date() }) {
        self.timeout = TimeAmount(timeout)
        self.now = now
    }

    public func addresses(of host: String, port: Int) async throws(ProbeFailure) -> [String] {
        let found: [String]
        do {
            // The resolver blocks and cannot be cancelled: it runs on a thread of its own, with time-outs of its own.
            found = try await NIOThreadPool.singleton.runIfActive { Resolver.addresses(of: host) }
        } catch {
            found = []
        }
        guard !found.isEmpty else {
            throw ProbeFailure(TransportError(.nameResolution, "the name \(host) was not found"))
        }
        return found
    }

    public func connect(
        to host: String, port: Int, through proxy: ProxySettings?
    ) async throws(ProbeFailure) -> Int {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let channel = try await connection(to: host, port, proxy).open()
            try? await channel.close()
            return Int((clock.now - start) / .milliseconds(1))
        } catch {
            throw ProbeFailure(TransportError(error, maximumBodySize: 0, through: proxy))
        }
    }

    public func handshake(
        with host: String, port: Int, through proxy: ProxySettings?, trusting roots: TrustRoots
    ) async throws(ProbeFailure) -> TLSFacts {
        let handshake = TLSHandshake(connection: connection(to: host, port, proxy), roots: roots)
        do {
            return try await handshake.facts(isVerified: true)
        } catch {
            let reason = TransportError(error, maximumBodySize: 0, through: proxy)
            var failure = ProbeFailure(await handshake.explaining(reason, at: now()))
            failure.isAboutTrust = reason == .untrustedCertificate
            throw failure
        }
    }

    private func connection(to host: String, _ port: Int, _ proxy: ProxySettings?) -> HostConnection {
        HostConnection(host: host, port: port, proxy: proxy, timeout: timeout)
    }
}

extension ProbeFailure {
    fileprivate init(_ error: TransportError) { self.init(error.message, advice: error.advice ?? error.kind.advice) }
}
