import Foundation
import Glibc
import NIOCore
import NIOPosix

/// Tests a connection to a host step by step. Tests replace it.
package protocol EndpointProbing: Sendable {
    /// Resolves a name. Returns its addresses as text.
    func addresses(of host: String, port: Int) async throws(TransportError) -> [String]
    /// Opens and closes a connection, through the proxy if there is one. Returns the duration in milliseconds.
    func connect(to host: String, port: Int, through proxy: ProxySettings?) async throws(TransportError) -> Int
    /// Opens a connection and performs a TLS handshake.
    func handshake(
        with host: String, port: Int, through proxy: ProxySettings?, trusting roots: TrustRoots
    ) async throws(TransportError) -> TLSFacts
}

/// The production probe, which uses NIO. The timeout limits each step.
package struct LiveProbe: EndpointProbing {
    private let timeout: TimeAmount
    private let now: @Sendable () -> Date

    /// - Parameter timeout: the limit of one step.
    package init(timeout: Duration, now: @escaping @Sendable () -> Date = { Date() }) {
        self.timeout = TimeAmount(timeout)
        self.now = now
    }

    package func addresses(of host: String, port: Int) async throws(TransportError) -> [String] {
        let found: [String]
        do {
            // The resolver blocks and cannot be cancelled: it runs on its own thread and has its own timeouts.
            found = try await NIOThreadPool.singleton.runIfActive { Resolver.addresses(of: host) }
        } catch {
            found = []
        }
        guard !found.isEmpty else {
            throw TransportError(.nameResolution, "the name \(host) was not found")
        }
        return found
    }

    package func connect(
        to host: String, port: Int, through proxy: ProxySettings?
    ) async throws(TransportError) -> Int {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let channel = try await connection(to: host, port, proxy).open()
            try? await channel.close()
            return Int((clock.now - start) / .milliseconds(1))
        } catch {
            throw TransportError(error, maximumBodySize: 0, through: proxy)
        }
    }

    package func handshake(
        with host: String, port: Int, through proxy: ProxySettings?, trusting roots: TrustRoots
    ) async throws(TransportError) -> TLSFacts {
        let handshake = TLSHandshake(connection: connection(to: host, port, proxy), roots: roots)
        do {
            return try await handshake.facts(isVerified: true)
        } catch {
            let reason = TransportError(error, maximumBodySize: 0, through: proxy)
            var failure = await handshake.explaining(reason, at: now())
            failure.isAboutTrust = reason == .untrustedCertificate
            throw failure
        }
    }

    private func connection(to host: String, _ port: Int, _ proxy: ProxySettings?) -> HostConnection {
        HostConnection(host: host, port: port, proxy: proxy, timeout: timeout)
    }
}

/// The system's resolver.
enum Resolver {
    /// The addresses of a host, in the system's order, without duplicates; none if the name is unknown. Blocks.
    static func addresses(of host: String) -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var found: [String] = []
        for entry in sequence(first: first, next: { $0?.pointee.ai_next }) {
            guard let entry = entry?.pointee else { break }
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            guard
                getnameinfo(
                    entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0
            else { continue }
            let address = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            if !found.contains(address) { found.append(address) }
        }
        return found
    }
}
