import Foundation

/// Which hosts are this machine itself, and which are link-local.
///
/// This is decided by the address, never by how the text begins: `127.evil.example` and `169.254.evil.example` are names
/// like any other.
package enum LocalAddress {
    /// Whether the host is this machine: 127.0.0.0/8, `::1` or `localhost`.
    package static func isLoopback(_ host: String) -> Bool {
        let host = host.lowercased()
        return host == "localhost" || octets(host)?[0] == 127 || isIPv6Loopback(host)
    }

    /// Whether the host is in 169.254.0.0/16, where the metadata service of an instance is.
    package static func isLinkLocal(_ host: String) -> Bool {
        octets(host)?.prefix(2) == [169, 254]
    }

    /// The four numbers of a dotted IPv4 address: none of the short or octal forms that a resolver would also take.
    private static func octets(_ host: String) -> [UInt8]? {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            1...3 ~= part.utf8.count && part.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
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
