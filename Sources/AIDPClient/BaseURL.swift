import OCIAuth

/// Scheme, host, port and path of an endpoint, parsed strictly: anything unclear is refused.
struct BaseURL: Sendable, Equatable {
    enum Scheme: String { case http, https }

    let scheme: Scheme
    /// Lower case; an IPv6 address without its brackets.
    let host: String
    let port: Int
    /// Segments of the path that the service is mounted at; usually none.
    let path: [String]

    /// - Parameter allowsLinkLocal: whether plain http may also go to 169.254.0.0/16, where metadata services are.
    init(_ text: String, allowsLinkLocal: Bool = false) throws(EndpointError) {
        guard let separator = text.firstRange(of: "://"),
            let scheme = Scheme(rawValue: text[..<separator.lowerBound].lowercased())
        else { throw EndpointError("The endpoint \(text.quoted) does not begin with https://.") }
        let rest = text[separator.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let path = rest[authority.endIndex...]
        guard !authority.contains("@") else {
            throw EndpointError("The endpoint must not carry a user name or a password.")
        }
        guard !path.contains("?"), !path.contains("#") else {
            throw EndpointError("The endpoint \(text.quoted) must not have a query or a fragment.")
        }
        self.scheme = scheme
        (host, port) = try Self.hostAndPort(authority, scheme: scheme)
        self.path = try Self.segments(path)
        guard scheme == .https || isLoopback || (allowsLinkLocal && LocalAddress.isLinkLocal(host)) else {
            throw EndpointError(
                "The endpoint \(text.quoted) is not https.",
                advice: "Use https; http is accepted only for this machine itself (127.0.0.0/8, ::1, localhost).")
        }
    }

    /// The segments of a path that need no encoding; empty ones at its ends are ignored.
    static func segments(_ path: some StringProtocol) throws(EndpointError) -> [String] {
        let segments = String(path).split(separator: "/" as Character).map(String.init)
        guard segments.allSatisfy({ $0.utf8.allSatisfy(\.isUnreserved) && $0 != "." && $0 != ".." }) else {
            throw EndpointError("The path \(String(path).quoted) has characters other than letters, digits and -._~.")
        }
        return segments
    }

    private static func hostAndPort(_ authority: Substring, scheme: Scheme) throws(EndpointError) -> (String, Int) {
        let host: Substring
        var rest: Substring
        if authority.hasPrefix("[") {
            host = authority.dropFirst().prefix { $0 != "]" }
            rest = authority[host.endIndex...].dropFirst()
            guard authority[host.endIndex...].hasPrefix("]"), host.contains(":"),
                host.utf8.allSatisfy({ $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") || $0.isHexDigit })
            else { throw EndpointError("\(String(authority).quoted) is not an IPv6 address in brackets.") }
        } else {
            host = authority.prefix { $0 != ":" }
            rest = authority[host.endIndex...]
            guard !host.isEmpty, host.utf8.allSatisfy({ $0.isUnreserved && $0 != UInt8(ascii: "~") }) else {
                throw EndpointError("The endpoint has no usable host name: \(String(authority).quoted).")
            }
        }
        guard !rest.isEmpty else { return (host.lowercased(), scheme == .https ? 443 : 80) }
        guard rest.removeFirst() == ":", rest.utf8.allSatisfy(\.isDigit), let port = Int(rest), 1...65535 ~= port else {
            throw EndpointError("The endpoint's port is not a number from 1 to 65535: \(String(authority).quoted).")
        }
        return (host.lowercased(), port)
    }

    /// Whether the host is this machine: 127.0.0.0/8, ::1 or localhost.
    var isLoopback: Bool { LocalAddress.isLoopback(host) }

    /// `https://aidp.us-ashburn-1.oci.oraclecloud.com`.
    var origin: String { "\(scheme.rawValue)://\(authority)" }

    /// The host as in a URL and in the `host` header, with the port unless it is the scheme's default.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (scheme == .https ? 443 : 80) ? name : "\(name):\(port)"
    }
}

extension UInt8 {
    var isHexDigit: Bool {
        isDigit || UInt8(ascii: "a")...UInt8(ascii: "f") ~= self || UInt8(ascii: "A")...UInt8(ascii: "F") ~= self
    }
}
