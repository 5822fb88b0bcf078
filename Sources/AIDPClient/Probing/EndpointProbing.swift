import Foundation

/// How far a connection to a host gets, step by step. What is found at one step is not asked for again at the next.
public protocol EndpointProbing: Sendable {
    /// The addresses a name stands for, as text.
    func addresses(of host: String, port: Int) async throws(ProbeFailure) -> [String]
    /// Opens a TCP connection and closes it; the milliseconds it took.
    func connect(to host: String, port: Int) async throws(ProbeFailure) -> Int
    /// Opens a TLS connection and closes it.
    func handshake(with host: String, port: Int, trusting file: String?) async throws(ProbeFailure) -> TLSFacts
}

/// Why a step failed, for the operator; it may quote the other side.
public struct ProbeFailure: Error, Sendable, Equatable {
    public var message: String

    public init(_ message: String) { self.message = message }
}

/// What a TLS handshake showed.
public struct TLSFacts: Sendable, Equatable {
    /// `TLSv1.3`.
    public var version: String
    /// The issuer's distinguished name.
    public var issuer: String
    /// When the server's certificate ends.
    public var notValidAfter: Date

    public init(version: String, issuer: String, notValidAfter: Date) {
        self.version = version
        self.issuer = issuer
        self.notValidAfter = notValidAfter
    }
}
