/// Sends one HTTP request and receives the whole answer. Tests replace it.
package protocol HTTPTransport: Sendable {
    /// Sends the request to its address. Does not follow redirects.
    ///
    /// - Parameter timeout: the limit for the whole request, from connecting to the last byte of the body.
    func send(_ request: HTTPRequest, timeout: Duration) async throws(TransportError) -> HTTPReply
    /// Cancels the running requests and closes the connections.
    func shutdown() async
}

extension HTTPTransport {
    /// Does nothing, for a transport that keeps no connections.
    package func shutdown() async {}
}

package struct HTTPRequest: Sendable {
    /// The address of the server. If the address has a path, the target includes it.
    package var address: BaseURL
    package var method: String
    /// The path and query, exactly as they were signed.
    package var target: String
    package var headers: [(name: String, value: String)]
    /// The body of a POST, exactly as it was signed.
    package var body: [UInt8]?
    /// A PEM file with the only authorities to trust, for a service that has its own, such as the endpoint of an OKE
    /// cluster. Such a request never uses a proxy: its token would work for anyone who reads it.
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
        // Without a regular expression, which would take longer than parsing the answer.
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

/// A complete response with any status.
package struct HTTPReply: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header with this name, which must be lower case here; `nil` if absent or empty.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name && !$0.value.isEmpty }?.value
    }

    /// The service's `opc-request-id`, limited to 200 characters.
    package var requestID: String? { header("opc-request-id")?.bounded(to: 200).onOneLine }
}

/// The log line of one request: `GET /20260430/…/recentJobRuns?… 200 in 143 ms, attempt 1`.
///
/// - Parameters:
///   - target: path and query, without the values of page tokens.
///   - outcome: the status, or why there is no answer.
///   - attempt: the number of the attempt within its call, from 1.
package func exchangeLine(
    _ method: String, _ target: String, outcome: String, after duration: Duration, attempt: Int
) -> String {
    let milliseconds = Int(exactly: (duration / .milliseconds(1)).rounded()) ?? 0
    return "\(method) \(target) \(outcome) in \(milliseconds) ms, attempt \(attempt)"
}
