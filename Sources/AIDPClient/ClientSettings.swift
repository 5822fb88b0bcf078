/// How the client behaves: its limits, its patience, its name.
public struct ClientSettings: Sendable, Equatable {
    /// How long one attempt may take, from connecting to the last byte of the body.
    public var timeout: Duration = .seconds(10)
    /// How long a call may take with all its attempts and the pauses between them: at most the refresh interval.
    public var budget: Duration = .seconds(30)
    /// When to try again, and after how long a pause.
    public var retry = RetryPolicy()
    /// How long connecting, TLS included, may take of an attempt.
    public var connectTimeout: Duration = .seconds(5)
    /// How long a connection is kept with nothing to do.
    public var idleTimeout: Duration = .seconds(60)
    /// The largest body accepted, in bytes, after inflation.
    public var maximumBodySize = 32 * 1024 * 1024
    /// The `user-agent` header: `runtop/VERSION`.
    public var userAgent = "runtop"
    /// A PEM file of certificate authorities to trust besides the system's.
    public var certificateFile: String?
    /// The proxy to go through; nil for none.
    public var proxy: ProxySettings?
    /// Keep every item as the service sent it, in ``JobRunSummary/json`` and its siblings. Costs a second copy of every
    /// error trace, so it is for one-shot commands, not for a dashboard.
    public var keepsItemJSON = false

    public init() {}
}
