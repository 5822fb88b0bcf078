import NIOSSL

/// How services are reached: time-outs, limits, trusted authorities, the proxy.
public struct TransportSettings: Sendable, Equatable {
    /// How long connecting may take, TLS included.
    public var connectTimeout: Duration = .seconds(5)
    /// How long an idle connection is kept.
    public var idleTimeout: Duration = .seconds(60)
    /// The largest body accepted, in bytes, after inflation.
    public var maximumBodySize = 32 * 1024 * 1024
    /// The certificate authorities to trust.
    public var trustRoots = TrustRoots()
    /// The proxy to go through; nil for none.
    public var proxy: ProxySettings?

    public init() {}

    /// The settings of one request: the proxy only where it is used for the address, and for a request with authorities of
    /// its own those alone and no proxy.
    package func adapted(to request: HTTPRequest) -> TransportSettings {
        var settings = self
        if let file = request.authorityFile {
            settings.trustRoots = TrustRoots(file: file, includesSystem: false)
            settings.proxy = nil
        } else {
            settings.proxy = proxy.flatMap { $0.isUsed(for: request.address) ? $0 : nil }
        }
        return settings
    }
}

/// The certificate authorities that are trusted: the system's, those of a PEM file, or both.
public struct TrustRoots: Sendable, Equatable {
    /// A PEM file of authorities; nil for the system's alone.
    public var file: String?
    /// Whether the system's authorities are trusted besides those of the file.
    public var includesSystem: Bool

    public init(file: String? = nil, includesSystem: Bool = true) {
        self.file = file
        self.includesSystem = includesSystem
    }
}

extension TLSConfiguration {
    /// A client's side of TLS: version 1.2 or newer, and the server's certificate verified.
    static func client(trusting roots: TrustRoots) -> TLSConfiguration {
        var configuration = makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        guard let file = roots.file else { return configuration }
        if roots.includesSystem {
            configuration.additionalTrustRoots = [.file(file)]
        } else {
            configuration.trustRoots = .file(file)
        }
        return configuration
    }
}
