/// One exchange over HTTP: a request out, a head and a whole body back. Tests replace it.
package protocol HTTPTransport: Sendable {
    /// Sends the request to its address, and nowhere else: no redirect is followed.
    ///
    /// - Parameter timeout: for all of it, from connecting to the last byte of the body.
    func send(_ request: HTTPRequest, timeout: Duration) async throws(TransportError) -> HTTPReply
    /// Cancels what is under way and closes the connections.
    func shutdown() async
}

extension HTTPTransport {
    /// A transport that keeps no connections has none to close.
    package func shutdown() async {}
}

/// A request, ready to be sent.
package struct HTTPRequest: Sendable {
    /// Where it goes. The path of the address, if it has one, is part of the target.
    package var address: BaseURL
    package var method: String
    /// Path and query: the bytes that were signed.
    package var target: String
    package var headers: [(name: String, value: String)]
    /// The bytes that were signed, of a POST.
    package var body: [UInt8]?
    /// A PEM file of the only authorities to trust, for a service nearby with an authority of its own, such as an OKE
    /// cluster's endpoint. Such a request goes through no proxy: it carries a token that anyone could use.
    package var authorityFile: String?

    package init(
        _ method: String = "GET", to address: BaseURL, target: String, headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil, authorityFile: String? = nil
    ) {
        self.address = address
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.authorityFile = authorityFile
    }

    /// The target without the values of page tokens.
    package var loggedTarget: String {
        // By hand: a regular expression would take more of a request's time than reading its answer.
        let (bytes, name) = (Array(target.utf8), Array("page=".utf8))
        var logged: [UInt8] = []
        var offset = 0
        while offset < bytes.count {
            let isStart = logged.last == UInt8(ascii: "?") || logged.last == UInt8(ascii: "&")
            if isStart, bytes[offset...].starts(with: name) {
                logged += name + Array("…".utf8)
                while offset < bytes.count, bytes[offset] != UInt8(ascii: "&") { offset += 1 }
            } else {
                logged.append(bytes[offset])
                offset += 1
            }
        }
        return String(decoding: logged, as: UTF8.self)
    }
}

/// A response, read to its end, whatever its status.
package struct HTTPReply: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header of that name, whatever its case; `nil` when absent or empty.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name && !$0.value.isEmpty }?.value
    }

    /// The service's `opc-request-id`, at most 200 characters of it.
    package var requestID: String? { header("opc-request-id")?.bounded(to: 200).onOneLine }
}

/// The line of a log for one exchange: `GET /20260430/…/recentJobRuns?… 200 in 143 ms, attempt 1`.
///
/// - Parameters:
///   - target: without the values of page tokens.
///   - outcome: the status, or why there is no answer.
///   - attempt: which attempt of its call, from 1.
package func exchangeLine(
    _ method: String, _ target: String, outcome: String, after duration: Duration, attempt: Int
) -> String {
    let milliseconds = Int(exactly: (duration / .milliseconds(1)).rounded()) ?? 0
    return "\(method) \(target) \(outcome) in \(milliseconds) ms, attempt \(attempt)"
}
