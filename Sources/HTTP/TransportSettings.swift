import NIOSSL

/// How services are reached: timeouts, limits, trusted authorities, the proxy.
public struct TransportSettings: Sendable, Equatable {
    /// The time limit for connecting, including TLS. Default 5 s.
    public var connectTimeout: Duration = .seconds(5)
    /// How long an idle connection is kept. Default 60 s.
    public var idleTimeout: Duration = .seconds(60)
    /// The largest accepted body in bytes, after decompression. Default 32 MiB.
    public var maximumBodySize = 32 * 1024 * 1024
    /// The certificate authorities to trust.
    public var trustRoots = TrustRoots()
    /// The proxy; nil for none.
    public var proxy: ProxySettings?

    public init() {}

    /// The settings for one request: no proxy if the address does not use it. A request with its own authorities trusts
    /// only those and uses no proxy.
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

/// The trusted certificate authorities: the system's, those of a PEM file, or both.
public struct TrustRoots: Sendable, Equatable {
    /// A PEM file of authorities; nil to trust only the system's.
    public var file: String?
    /// Whether the system's authorities are trusted in addition to those of the file.
    public var includesSystem: Bool

    public init(file: String? = nil, includesSystem: Bool = true) {
        self.file = file
        self.includesSystem = includesSystem
    }
}

extension TLSConfiguration {
    /// The TLS configuration of a client: version 1.2 or newer, with verification of the server's certificate.
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
