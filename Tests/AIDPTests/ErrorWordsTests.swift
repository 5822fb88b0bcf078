import Foundation
import Testing

@testable import AIDP

@Suite struct ErrorWordsTests {
    @Test("the summary says what failed and why in one sentence")
    func summary() {
        let error = ServiceError(
            operation: "recentJobRuns", kind: .unauthorized, status: 401, code: "NotAuthenticated",
            message: "The required information to complete authentication was not provided.")
        #expect(
            error.summary == "recentJobRuns: 401 NotAuthenticated: The required information to complete authentication "
                + "was not provided.")
        #expect(error.localizedDescription == error.summary)
        #expect(ServiceError(operation: "listJobs", kind: .timedOut).summary == "listJobs: no complete answer in time")
        #expect(error.recoverySuggestion == nil)
        var advised = error
        advised.advice = "Do this."
        #expect(advised.recoverySuggestion == "Do this.")
    }

    @Test(
        "any body of a failed call gives a code and a message",
        arguments: [
            (#"{"code":"C","message":"M"}"#, "C", "M"), (#"{"message":"M"}"#, nil, "M"),
            (#"{"code":"C"}"#, "C", "the service gives no message"),
            (#"{"code":5,"message":["x"]}"#, nil, #"the answer gives no reason: {"code":5,"message":["x"]}"#),
            ("", nil, "the answer is empty"),
            ("upstream\n\n  connect  error", nil, "the answer is not the service's JSON: upstream connect error"),
            (
                "<html><title>502 Bad Gateway</title></html>", nil,
                "the answer is HTML, not the service's JSON (a proxy or login page?): 502 Bad Gateway"
            ),
        ] as [(String, String?, String)])
    func bodies(_ body: String, _ code: String?, _ message: String) {
        let read = ErrorBody(Array(body.utf8))
        #expect(read.code == code)
        #expect(read.message == message)
    }

    @Test("no body gives a long message, not even one of combining marks")
    func bounded() {
        let marks = "e" + String(repeating: "\u{301}", count: 100_000)
        for body in [marks, #"{"code":"\#(marks)","message":"\#(marks)"}"#, "<title>\(marks)"] {
            let read = ErrorBody(Array(body.utf8))
            #expect(read.message.unicodeScalars.count <= 600)
            #expect((read.code ?? "").unicodeScalars.count <= 100)
        }
    }

    @Test("every error that the user can fix has advice, in sentences")
    func advice() {
        let kinds: [ServiceError.Kind] = [
            .expiredToken, .clockSkew(seconds: 400), .unauthorized, .forbidden, .notFound, .uriTooLong,
            .rateLimited, .malformedResponse, .responseTooLarge,
            .timedOut, .nameResolution, .connectionRefused, .proxy, .proxyAuthentication,
            .connectionLost, .tls, .unexpectedStatus,
        ]
        for kind in kinds {
            #expect(kind.advice.hasSuffix("."), "\(kind)")
            #expect(!kind.summary.isEmpty)
        }
        #expect(Set(kinds.map(\.advice)).count == kinds.count)
        #expect(Set(kinds.map(\.summary)).count == kinds.count)
        #expect(ServiceError.Kind.adviceRateLimited(until: .distantFuture).hasSuffix("."))
        #expect(ServiceError.Kind.expiredToken.advice.contains("oci session authenticate"))
        #expect(ServiceError.Kind.expiredToken.advice.contains("oci session refresh"))
        #expect(ServiceError.Kind.notFound.advice.contains("--api-version"))
    }

    @Test("a clock skew of any size has a message", arguments: [Int.min, -301, 301, .max])
    func hostileSkew(_ seconds: Int) {
        #expect(ServiceError.Kind.clockSkew(seconds: seconds).advice.contains("clock"))
    }
}
