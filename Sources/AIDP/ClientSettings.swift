import HTTP

/// Timeouts, retries, the user agent, and the transport of the client.
public struct ClientSettings: Sendable, Equatable {
    /// The time limit of one attempt, from connecting to the last byte of the body. Default 10 s.
    public var timeout: Duration = .seconds(10)
    /// The time limit of a call with all its attempts and the pauses between them. Default 30 s.
    public var budget: Duration = .seconds(30)
    /// When to retry, and after which pause.
    public var retry = RetryPolicy()
    /// The `user-agent` header: `runtop/VERSION`.
    public var userAgent = "runtop"
    /// The transport: connections, trusted certificate authorities, the proxy.
    public var transport = TransportSettings()
    /// Keeps each item as the service sent it, in ``JobRunSummary/json`` and the like. This holds a second copy of
    /// every error trace in memory, so it is for one-shot commands, not for a dashboard.
    package var keepsItemJSON = false

    public init() {}
}

/// The `user-agent` header: `runtop/0.1.0 (Linux x86_64; Swift)`, and `OCI_SDK_APPEND_USER_AGENT` if it is set.
package enum UserAgent {
    package static func text(version: String, environment: [String: String]) -> String {
        #if arch(x86_64)
            let machine = "x86_64"
        #else
            let machine = "arm64"
        #endif
        let own = "runtop/\(version) (Linux \(machine); Swift)"
        let added = environment["OCI_SDK_APPEND_USER_AGENT"].map(headerSafe) ?? ""
        return added.isEmpty ? own : own + " " + added
    }

    /// Keeps visible ASCII and replaces all other characters by single spaces; returns at most 200 characters.
    private static func headerSafe(_ text: String) -> String {
        let visible = text.unicodeScalars.map { 0x21...0x7E ~= $0.value ? Character($0) : " " }
        return String(String(visible).split(separator: " ").joined(separator: " ").prefix(200))
    }
}
