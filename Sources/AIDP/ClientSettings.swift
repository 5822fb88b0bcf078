import HTTP

/// The client's time-outs, retries and name, and how the service is reached.
public struct ClientSettings: Sendable, Equatable {
    /// How long one attempt may take, from connecting to the last byte of the body.
    public var timeout: Duration = .seconds(10)
    /// How long a call may take with all its attempts and the pauses between them: at most the refresh interval.
    public var budget: Duration = .seconds(30)
    /// When to retry, and after how long a pause.
    public var retry = RetryPolicy()
    /// The `user-agent` header: `runtop/VERSION`.
    public var userAgent = "runtop"
    /// How the service is reached: connections, trusted authorities, the proxy.
    public var transport = TransportSettings()
    /// Keep every item as the service sent it, in ``JobRunSummary/json`` and its siblings. Costs a second copy of every
    /// error trace, so it is for one-shot commands, not for a dashboard.
    package var keepsItemJSON = false

    public init() {}
}

/// The `user-agent` header: `runtop/0.1.0 (Linux x86_64; Swift)`, and what `OCI_SDK_APPEND_USER_AGENT` adds.
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

    /// Visible ASCII and single spaces, at most 200 of them.
    private static func headerSafe(_ text: String) -> String {
        let visible = text.unicodeScalars.map { 0x21...0x7E ~= $0.value ? Character($0) : " " }
        return String(String(visible).split(separator: " ").joined(separator: " ").prefix(200))
    }
}
