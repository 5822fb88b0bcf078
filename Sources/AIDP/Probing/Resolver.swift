#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The system's own resolver.
enum Resolver {
    /// The addresses of a host in the system's order, each once, as text; none where there is no such name. It blocks.
    static func addresses(of host: String) -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = streamSockets
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

    #if canImport(Glibc)
        private static let streamSockets = Int32(SOCK_STREAM.rawValue)
    #else
        private static let streamSockets = SOCK_STREAM
    #endif
}
