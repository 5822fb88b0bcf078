import Foundation

/// The HTTP proxy from `HTTPS_PROXY` and `NO_PROXY`, in upper or lower case.
///
/// It is used with CONNECT and TLS end to end, so that the proxy sees neither headers nor bodies. Requests to the local
/// machine and to link-local addresses never use a proxy.
public struct ProxySettings: Sendable, Equatable {
    public var host: String
    public var port: Int
    /// User name and password, percent-decoded.
    var credentials: Credentials?
    /// The hosts that are reached directly: names, `.suffixes`, `host:port`, or `*` for all.
    var exceptions: [String]

    struct Credentials: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
        var user: String
        var password: String

        var description: String { "(credentials)" }
        var customMirror: Mirror { Mirror(self, children: []) }
    }

    /// - Returns: nil if no proxy is configured.
    /// - Throws: ``Trouble`` if the proxy's URL is invalid. The message does not contain the credentials.
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

    /// The value of the `proxy-authorization` header; nil without credentials.
    var authorization: String? {
        credentials.map { "Basic " + Data("\($0.user):\($0.password)".utf8).base64EncodedString() }
    }

    /// Whether requests to this address use the proxy. Plain http never does.
    package func isUsed(for base: BaseURL) -> Bool {
        base.scheme == .https && isUsed(forHost: base.host, port: base.port)
    }

    /// Whether requests to this host use the proxy.
    public func isUsed(forHost host: String, port: Int) -> Bool {
        let host = host.lowercased()
        if LocalAddress.isLoopback(host) || LocalAddress.isLinkLocal(host) { return false }
        return !exceptions.contains { exception in
            let name = exception.hasPrefix(".") ? String(exception.dropFirst()) : exception
            return name == "*" || name == host || name == "\(host):\(port)" || host.hasSuffix("." + name)
        }
    }
}
