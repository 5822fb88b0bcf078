import Foundation
import HTTP

/// The outcome of one attempt, for a log. Contains no header, key, token, signature or body.
public struct RequestRecord: Sendable, Equatable {
    public var operation: String
    public var method: String
    /// Path and query, without the values of page tokens.
    public var target: String
    /// The number of the attempt within its call, from 1.
    public var attempt: Int
    /// The time of the attempt, from connecting to the last byte received.
    public var duration: Duration
    public var outcome: Outcome
    /// The `opc-request-id` that was sent.
    public var sentRequestID: String
    /// The service's `opc-request-id`.
    public var opcRequestID: String?
    /// The size of the answer's body in bytes, after decompression.
    public var bytes: Int
    /// The service's time, from the header `Date`.
    public var serverDate: Date?

    public enum Outcome: Sendable, Equatable {
        case answered(status: Int)
        /// There was no complete answer. The text gives a short reason.
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

/// One attempt with its headers and bodies, for a bug report.
///
/// Signatures, tokens, cookies and page tokens in the headers are replaced. Bodies are unchanged: no operation of the
/// API has credentials in a body, but job parameters and error traces may contain secrets of the job's author.
public struct RecordedExchange: Sendable {
    public var record: RequestRecord
    public var requestHeaders: [(name: String, value: String)]
    public var requestBody: [UInt8]
    public var replyHeaders: [(name: String, value: String)]
    public var replyBody: [UInt8]

    /// The replacement for a secret.
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

/// Receives every attempt. It must not block: the client calls it between attempts.
public protocol RequestObserver: Sendable {
    func attemptEnded(_ exchange: RecordedExchange)
}
