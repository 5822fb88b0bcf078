import Testing

@testable import AIDP

@Suite struct RetryPolicyTests {
    private let policy = RetryPolicy(maximumAttempts: 4, firstPause: .seconds(1), longestPause: .seconds(3))

    private func decide(
        _ kind: ServiceError.Kind = .timedOut, status: Int? = nil, code: String? = nil, retryAfter: Duration? = nil,
        attempt: Int = 1, remaining: Duration = .seconds(60), fraction: Double = 1
    ) -> RetryPolicy.Decision {
        policy.decision(
            after: ServiceError(operation: "x", kind: kind, status: status, code: code), retryAfter: retryAfter,
            attempt: attempt, remaining: remaining, fraction: fraction)
    }

    @Test("the maximum pause doubles up to its limit, and the jitter is a fraction of it")
    func backoff() {
        #expect(
            (1...4).map { decide(attempt: $0) } == [
                .retry(after: .seconds(1)), .retry(after: .seconds(2)), .retry(after: .seconds(3)), .giveUp,
            ])
        #expect(decide(attempt: 2, fraction: 0.25) == .retry(after: .milliseconds(500)))
        #expect(decide(attempt: 3, fraction: 0) == .retry(after: .zero))
    }

    @Test("a pause that does not end within the budget is not started")
    func budget() {
        #expect(decide(remaining: .seconds(1)) == .giveUp)
        #expect(decide(remaining: .milliseconds(1001)) == .retry(after: .seconds(1)))
        #expect(decide(remaining: .seconds(-5), fraction: 0) == .giveUp)
    }

    @Test("the service's pause is the minimum, and the jitter is added to it")
    func retryAfter() {
        #expect(decide(retryAfter: .seconds(7), fraction: 0) == .retry(after: .seconds(7)))
        #expect(decide(retryAfter: .seconds(7), fraction: 0.5) == .retry(after: .milliseconds(7500)))
        #expect(decide(retryAfter: .seconds(61)) == .giveUp)
    }

    @Test("a pause longer than longestRetryAfter is left to the caller")
    func longestRetryAfter() {
        var policy = policy
        policy.longestRetryAfter = .seconds(3)
        func decide(_ pause: Duration?) -> RetryPolicy.Decision {
            policy.decision(
                after: ServiceError(operation: "x", kind: .rateLimited), retryAfter: pause, attempt: 1,
                remaining: .seconds(3_600), fraction: 0)
        }
        #expect(decide(.seconds(3)) == .retry(after: .seconds(3)))
        #expect(decide(.milliseconds(3_001)) == .giveUp)
        #expect(decide(nil) == .retry(after: .zero))
        #expect(RetryPolicy().longestRetryAfter == nil, "a one-shot command waits within its budget")
    }

    @Test("the jitter that is added to the service's pause is at most the first pause")
    func jitterOnTop() {
        #expect(decide(retryAfter: .seconds(7), attempt: 3, fraction: 1) == .retry(after: .seconds(8)))
    }

    @Test("by default there are three attempts, with pauses of up to half a second at first and eight seconds at most")
    func defaults() {
        let policy = RetryPolicy()
        #expect(policy.maximumAttempts == 3)
        #expect(policy.firstPause == .milliseconds(500))
        #expect(policy.longestPause == .seconds(8))
    }

    @Test("only temporary failures are retried")
    func kinds() {
        let again: [ServiceError.Kind] = [
            .timedOut, .nameResolution, .connectionRefused, .proxy, .connectionLost, .rateLimited, .server,
        ]
        let never: [ServiceError.Kind] = [
            .invalidRequest, .credentials, .expiredToken, .clockSkew(seconds: 1), .unauthorized, .forbidden, .notFound,
            .badRequest, .uriTooLong, .malformedResponse, .responseTooLarge, .proxyAuthentication, .tls,
            .cancelled, .unexpectedStatus,
        ]
        #expect(again.allSatisfy { decide($0) != .giveUp })
        #expect(never.allSatisfy { decide($0) == .giveUp })
        #expect(decide(.server, status: 501) == .giveUp)
        #expect(decide(.server, status: 503) != .giveUp)
        #expect(decide(.unexpectedStatus, status: 409, code: "IncorrectState") != .giveUp)
        #expect(decide(.unexpectedStatus, status: 409, code: "LockConflict") != .giveUp)
        #expect(decide(.unexpectedStatus, status: 409, code: "AlreadyExists") == .giveUp)
        #expect(decide(.unexpectedStatus, status: 409) == .giveUp)
        #expect(decide(.unexpectedStatus, status: 408) != .giveUp)
        #expect(decide(.unexpectedStatus, status: 418, code: "IncorrectState") == .giveUp)
    }
}
