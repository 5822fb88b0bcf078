import Foundation
import HTTP

/// The outcome of one attempt, for a log: no header, key, token, signature or body.
public struct RequestRecord: Sendable, Equatable {
    public var operation: String
    public var method: String
    /// Path and query, without the values of page tokens.
    public var target: String
    /// Which attempt of its call, from 1.
    public var attempt: Int
    /// From the first byte sent to the last received.
    public var duration: Duration
    public var outcome: Outcome
    /// The `opc-request-id` that was sent.
    public var sentRequestID: String
    /// The service's `opc-request-id`.
    public var opcRequestID: String?
    /// The bytes of the answer's body, inflated.
    public var bytes: Int
    /// The service's `date`.
    public var serverDate: Date?

    public enum Outcome: Sendable, Equatable {
        case answered(status: Int)
        /// No complete answer, and why in a few words.
        case failed(String)
    }

    /// `GET /20260430/…/recentJobRuns?… 200 in 143 ms, attempt 1`.
    public var line: String {
        let answer =
            switch outcome {
            case .answered(let status): "\(status)"
            case .failed(let reason): reason
            }
        return exchangeLine(method, target, outcome: answer, after: duration, attempt: attempt)
    }
}

/// One attempt whole, for a bug report: the record, and the messages.
///
/// Signatures, tokens, cookies and page tokens in the headers are replaced. Bodies are as they were sent: no operation of the
/// API carries credentials in one, but job parameters and error traces may hold whatever a job's author put there.
public struct RecordedExchange: Sendable {
    public var record: RequestRecord
    public var requestHeaders: [(name: String, value: String)]
    public var requestBody: [UInt8]
    public var replyHeaders: [(name: String, value: String)]
    public var replyBody: [UInt8]

    /// What stands where a secret was.
    static let redacted = "(redacted)"
    private static let secretHeaders: Set<String> = [
        "authorization", "proxy-authorization", "cookie", "set-cookie", "opc-retry-token", "opc-next-page",
        "opc-prev-page",
    ]

    init(record: RequestRecord, request: HTTPRequest, reply: HTTPReply?) {
        self.record = record
        func redacting(_ headers: [(name: String, value: String)]) -> [(name: String, value: String)] {
            headers.map { Self.secretHeaders.contains($0.name.lowercased()) ? ($0.name, Self.redacted) : $0 }
        }
        requestHeaders = redacting(request.headers)
        requestBody = request.body ?? []
        replyHeaders = redacting(reply?.headers ?? [])
        replyBody = reply?.body ?? []
    }
}

/// Gets every attempt. It must not block: it is called between attempts.
public protocol RequestObserver: Sendable {
    func attemptEnded(_ exchange: RecordedExchange)
}
