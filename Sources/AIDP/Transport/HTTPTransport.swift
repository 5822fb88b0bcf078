/// One exchange with the service: a request out, a head and a whole body back. Tests replace it.
protocol HTTPTransport: Sendable {
    /// Sends the request to the configured endpoint, and nowhere else.
    ///
    /// - Parameter timeout: for all of it, from connecting to the last byte of the body.
    func send(_ request: HTTPRequest, timeout: Duration) async throws(TransportError) -> HTTPReply
    /// Cancels what is under way and closes the connections.
    func shutdown() async
}

/// A request, ready to be sent.
struct HTTPRequest: Sendable {
    var method = "GET"
    /// Path and query: the bytes that were signed.
    var target: String
    var headers: [(name: String, value: String)]
    /// The bytes that were signed, of a POST.
    var body: [UInt8]?
}

/// A response, read to its end.
struct HTTPReply: Sendable {
    var status: Int
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []

    /// The first header of that name, whatever its case; `nil` when absent or empty.
    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name && !$0.value.isEmpty }?.value
    }
}

/// Why there is no whole response.
struct TransportError: Error, Sendable, Equatable {
    /// One of the kinds that a transport can tell apart.
    var kind: ServiceError.Kind
    /// What happened, for the operator; it may quote the other side.
    var message: String
    /// What to do about it, where more is known than the kind says.
    var advice: String?

    init(_ kind: ServiceError.Kind, _ message: String, advice: String? = nil) {
        self.kind = kind
        self.message = message
        self.advice = advice
    }
}
