/// Scheme, host, port and path of an endpoint, parsed strictly: anything unclear is refused.
package struct BaseURL: Sendable, Equatable {
    package enum Scheme: String { case http, https }

    package let scheme: Scheme
    /// Lower case; an IPv6 address without its brackets.
    package let host: String
    package let port: Int
    /// Segments of the path that the service is mounted at; usually none.
    package let path: [String]

    /// - Parameter allowsLinkLocal: whether plain http may also go to 169.254.0.0/16, where metadata services are.
    package init(_ text: String, allowsLinkLocal: Bool = false) throws(Trouble) {
        guard let separator = text.firstRange(of: "://"),
            let scheme = Scheme(rawValue: text[..<separator.lowerBound].lowercased())
        else { throw Trouble("The endpoint \(text.quoted) does not begin with https://.", advice: addressAdvice) }
        let rest = text[separator.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let path = rest[authority.endIndex...]
        guard !authority.contains("@") else {
            throw Trouble("The endpoint must not carry a user name or a password.", advice: addressAdvice)
        }
        guard !path.contains("?"), !path.contains("#") else {
            throw Trouble("The endpoint \(text.quoted) must not have a query or a fragment.", advice: addressAdvice)
        }
        self.scheme = scheme
        (host, port) = try Self.hostAndPort(authority, scheme: scheme)
        self.path = try Self.segments(path)
        guard scheme == .https || isLoopback || (allowsLinkLocal && LocalAddress.isLinkLocal(host)) else {
            throw Trouble(
                "The endpoint \(text.quoted) is not https.",
                advice: "Use https; http is accepted only for this machine itself (127.0.0.0/8, ::1, localhost).")
        }
    }

    /// The segments of a path that need no encoding; empty ones at its ends are ignored.
    package static func segments(_ path: some StringProtocol) throws(Trouble) -> [String] {
        let segments = String(path).split(separator: "/" as Character).map(String.init)
        guard segments.allSatisfy({ $0.utf8.allSatisfy(\.isUnreserved) && $0 != "." && $0 != ".." }) else {
            throw Trouble(
                "The path \(String(path).quoted) has characters other than letters, digits and -._~.",
                advice: addressAdvice)
        }
        return segments
    }

    private static func hostAndPort(_ authority: Substring, scheme: Scheme) throws(Trouble) -> (String, Int) {
        let host: Substring
        var rest: Substring
        if authority.hasPrefix("[") {
            host = authority.dropFirst().prefix { $0 != "]" }
            rest = authority[host.endIndex...].dropFirst()
            guard authority[host.endIndex...].hasPrefix("]"), host.contains(":"),
                host.utf8.allSatisfy({ $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") || $0.isHexDigit })
            else {
                throw Trouble("\(String(authority).quoted) is not an IPv6 address in brackets.", advice: addressAdvice)
            }
        } else {
            host = authority.prefix { $0 != ":" }
            rest = authority[host.endIndex...]
            guard !host.isEmpty, host.utf8.allSatisfy({ $0.isUnreserved && $0 != UInt8(ascii: "~") }) else {
                throw Trouble(
                    "The endpoint has no usable host name: \(String(authority).quoted).", advice: addressAdvice)
            }
        }
        guard !rest.isEmpty else { return (host.lowercased(), scheme == .https ? 443 : 80) }
        guard rest.removeFirst() == ":", rest.utf8.allSatisfy(\.isDigit), let port = Int(rest), 1...65535 ~= port else {
            throw Trouble(
                "The endpoint's port is not a number from 1 to 65535: \(String(authority).quoted).",
                advice: addressAdvice)
        }
        return (host.lowercased(), port)
    }

    /// Whether the host is this machine: 127.0.0.0/8, ::1 or localhost.
    package var isLoopback: Bool { LocalAddress.isLoopback(host) }

    /// `https://aidp.us-ashburn-1.oci.oraclecloud.com`.
    package var origin: String { "\(scheme.rawValue)://\(authority)" }

    /// The host as in a URL and in the `host` header, with the port unless it is the scheme's default.
    package var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (scheme == .https ? 443 : 80) ? name : "\(name):\(port)"
    }
}

extension UInt8 {
    package var isHexDigit: Bool {
        isDigit || UInt8(ascii: "a")...UInt8(ascii: "f") ~= self || UInt8(ascii: "A")...UInt8(ascii: "F") ~= self
    }
}

private let addressAdvice = "Give it as https://host, with a port where needed."
