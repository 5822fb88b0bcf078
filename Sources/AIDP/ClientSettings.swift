/// The client's limits, time-outs, retries and name.
public struct ClientSettings: Sendable, Equatable {
    /// How long one attempt may take, from connecting to the last byte of the body.
    public var timeout: Duration = .seconds(10)
    /// How long a call may take with all its attempts and the pauses between them: at most the refresh interval.
    public var budget: Duration = .seconds(30)
    /// When to retry, and after how long a pause.
    public var retry = RetryPolicy()
    /// How long connecting may take, TLS included.
    public var connectTimeout: Duration = .seconds(5)
    /// How long an idle connection is kept.
    public var idleTimeout: Duration = .seconds(60)
    /// The largest body accepted, in bytes, after inflation.
    public var maximumBodySize = 32 * 1024 * 1024
    /// The `user-agent` header: `runtop/VERSION`.
    public var userAgent = "runtop"
    /// The certificate authorities to trust.
    public var trustRoots = TrustRoots()
    /// The proxy to go through; nil for none.
    public var proxy: ProxySettings?
    /// Keep every item as the service sent it, in ``JobRunSummary/json`` and its siblings. Costs a second copy of every
    /// error trace, so it is for one-shot commands, not for a dashboard.
    package var keepsItemJSON = false

    public init() {}
}
