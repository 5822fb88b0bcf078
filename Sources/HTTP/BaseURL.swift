import Foundation

/// Scheme, host, port and path of an endpoint. Parses strictly and rejects anything ambiguous.
package struct BaseURL: Sendable, Equatable {
    package enum Scheme: String { case http, https }

    package let scheme: Scheme
    /// In lower case; an IPv6 address has no brackets.
    package let host: String
    package let port: Int
    /// The path segments of the address; usually none.
    package let path: [String]

    /// Parses an address that credentials may be sent to: https, or http to the local machine.
    package init(_ text: String) throws(Trouble) {
        try self.init(parsing: text)
        guard scheme == .https || isLoopback else {
            throw Trouble(
                "The endpoint \(text.quoted) is not https.",
                advice: "Use https; http is accepted only for this machine itself (127.0.0.0/8, ::1, localhost).")
        }
    }

    /// Parses any address. The caller decides whether plain http is allowed.
    package init(parsing text: String) throws(Trouble) {
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
    }

    /// The segments of a path that need no encoding. Ignores empty segments; throws for any other path.
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

    /// Whether the host is the local machine: 127.0.0.0/8, ::1 or localhost.
    package var isLoopback: Bool { LocalAddress.isLoopback(host) }

    /// `https://aidp.us-ashburn-1.oci.oraclecloud.com`.
    package var origin: String { "\(scheme.rawValue)://\(authority)" }

    /// The path without a final `/`: `/opc/v2`, or empty.
    package var pathPrefix: String { path.map { "/" + $0 }.joined() }

    /// The host as in a URL and in the `host` header, with the port unless it is the scheme's default.
    package var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (scheme == .https ? 443 : 80) ? name : "\(name):\(port)"
    }
}

extension BaseURL: CustomStringConvertible {
    /// Origin and path: `http://169.254.169.254/opc/v2`.
    package var description: String { origin + pathPrefix }
}

private let addressAdvice = "Give it as https://host, with a port where needed."

/// Decides whether a host is the local machine or link-local.
///
/// It parses the whole address, not only a prefix: `127.evil.example` and `169.254.evil.example` are ordinary names.
package enum LocalAddress {
    /// Whether the host is the local machine: 127.0.0.0/8, `::1` or `localhost`.
    package static func isLoopback(_ host: String) -> Bool {
        let host = host.lowercased()
        return host == "localhost" || octets(host)?[0] == 127 || isIPv6Loopback(host)
    }

    /// Whether the host is in 169.254.0.0/16, the network of an instance's metadata service.
    package static func isLinkLocal(_ host: String) -> Bool {
        octets(host)?.prefix(2) == [169, 254]
    }

    /// The four numbers of a dotted IPv4 address. Rejects the short and octal forms that a resolver also accepts.
    private static func octets(_ host: String) -> [UInt8]? {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            1...3 ~= part.utf8.count && part.utf8.allSatisfy(\.isDigit)
                ? UInt8(part) : nil
        }
        return parts.count == 4 && numbers.count == 4 ? numbers : nil
    }

    private static func isIPv6Loopback(_ host: String) -> Bool {
        let text = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        var address = in6_addr()
        guard inet_pton(AF_INET6, text, &address) == 1 else { return false }
        return withUnsafeBytes(of: address) { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 }
    }
}

extension String {
    /// The text, percent-encoded for a path segment or for a name or value of a query.
    ///
    /// Encodes everything except the unreserved characters of RFC 3986, so that the server receives `+`, `/` and `=` of
    /// a page token unchanged. The same encoded bytes are signed and sent.
    package var percentEncoded: String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count)
        for byte in utf8 {
            if byte.isUnreserved {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension UInt8 {
    /// Whether the byte is one of `A-Za-z0-9-._~`.
    package var isUnreserved: Bool {
        switch self {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            _ where isDigit:
            true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }

    /// Whether the byte is one of `0-9A-Fa-f`.
    package var isHexDigit: Bool {
        isDigit || UInt8(ascii: "a")...UInt8(ascii: "f") ~= self || UInt8(ascii: "A")...UInt8(ascii: "F") ~= self
    }

    /// Whether the byte is one of `0-9`.
    package var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
}
