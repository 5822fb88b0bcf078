import Foundation

/// The HTTP proxy that requests go through, as `HTTPS_PROXY` and `NO_PROXY` say, upper or lower case.
///
/// TLS goes through it end to end by CONNECT, so the proxy sees neither headers nor bodies. This machine itself and
/// link-local addresses are never reached through a proxy.
public struct ProxySettings: Sendable, Equatable {
    public var host: String
    public var port: Int
    /// User name and password, percent-decoded.
    var credentials: Credentials?
    /// Hosts reached directly: names, `.suffixes`, `host:port`, or `*` for all.
    var exceptions: [String]

    struct Credentials: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
        var user: String
        var password: String

        var description: String { "(credentials)" }
        var customMirror: Mirror { Mirror(self, children: []) }
    }

    /// - Returns: nil where no proxy is configured.
    /// - Throws: ``Trouble`` for a proxy that cannot be read, without its credentials.
    public init?(environment: [String: String]) throws(Trouble) {
        func value(_ name: String) -> String? {
            [environment[name], environment[name.lowercased()]].compactMap(\.self).first { !$0.isEmpty }
        }
        guard let text = value("HTTPS_PROXY") else { return nil }
        guard let parts = URLComponents(string: text.contains("://") ? text : "http://" + text),
            let host = parts.host, !host.isEmpty
        else { throw Trouble("HTTPS_PROXY is not a URL.", advice: "Give it as http://host:port.") }
        guard parts.scheme?.lowercased() == "http" else {
            throw Trouble(
                "HTTPS_PROXY names a proxy of the kind \(parts.scheme ?? "?")://.",
                advice: "Give it as http://host:port; TLS goes through it end to end.")
        }
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        port = parts.port ?? 3128
        credentials = parts.user.map { Credentials(user: $0, password: parts.password ?? "") }
        exceptions = (value("NO_PROXY") ?? "").split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces).lowercased()
        }.filter { !$0.isEmpty }
    }

    /// `http://proxy:3128`, without credentials, for a report.
    public var address: String { "http://\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    /// The value of `proxy-authorization`; nil without credentials.
    var authorization: String? {
        credentials.map { "Basic " + Data("\($0.user):\($0.password)".utf8).base64EncodedString() }
    }

    /// Whether an address is reached through the proxy. Plain http never is.
    package func isUsed(for base: BaseURL) -> Bool {
        base.scheme == .https && isUsed(forHost: base.host, port: base.port)
    }

    /// Whether a host is reached through the proxy.
    public func isUsed(forHost host: String, port: Int) -> Bool {
        let host = host.lowercased()
        if LocalAddress.isLoopback(host) || LocalAddress.isLinkLocal(host) { return false }
        return !exceptions.contains { exception in
            let name = exception.hasPrefix(".") ? String(exception.dropFirst()) : exception
            return name == "*" || name == host || name == "\(host):\(port)" || host.hasSuffix("." + name)
        }
    }
}
