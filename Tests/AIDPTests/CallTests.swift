import Foundation
import HTTP
import OCIAuth
import Synchronization
import TestSupport
import Testing

@testable import AIDP

@Suite struct CallTests {
    @Test("a page has its items, the token of the next page, both request ids and the attempts")
    func page() async throws {
        let scene = try Scene(
            .reply(200, #"{"items":[{"key":"r"}]}"#, ["Opc-Next-Page": "t1", "OPC-Request-ID": "A/B"]), .reply(200),
            .reply(200, #"{"items":[]}"#, ["opc-next-page": ""]))
        let request = RecentJobRunsRequest(jobKeys: ["a"])
        #expect(
            try await scene.client.recentJobRuns(request)
                == Page(items: [JobRunSummary(key: "r")], nextPage: "t1", opcRequestID: "A/B", attempts: 1))
        let without = try await scene.client.recentJobRuns(request)
        #expect(without.nextPage == nil)
        #expect(without.opcRequestID == String(repeating: "F", count: 32))
        #expect(try await scene.client.recentJobRuns(request).nextPage == nil)
    }

    @Test("every request has the headers accept, user-agent and opc-request-id")
    func headers() async throws {
        var settings = ClientSettings()
        settings.userAgent = "runtop/1.2.3"
        let scene = try Scene(.reply(200), settings: settings, time: TestTime(bits: 0xAB))
        _ = try await scene.client.listJobs(ListJobsRequest())
        let headers = try #require(scene.transport.requests.first).headers
        let byName = Dictionary(headers.map { ($0.name, $0.value) }) { _, last in last }
        #expect(byName.count == headers.count)
        #expect(byName["accept"] == "application/json")
        #expect(byName["user-agent"] == "runtop/1.2.3")
        #expect(byName["opc-request-id"] == "00000000000000AB00000000000000AB")
        #expect(byName["host"] == "127.0.0.1:8080")
        #expect(byName["authorization"]?.hasSuffix(try #require(scene.transport.requests.first).target) == true)
    }

    @Test("a temporary failure is retried, and every attempt is signed with its own date")
    func retried() async throws {
        let scene = try Scene(
            .error(500, "InternalServerError", "oops"), .fails(.connectionLost), .reply(200), eachTakes: .seconds(2))
        let page = try await scene.client.recentJobRuns(RecentJobRunsRequest(jobKeys: ["a"]))
        #expect(page.attempts == 3)
        #expect(scene.time.sleeps.count == 2)
        let dates = scene.transport.requests.map { request in request.headers.first { $0.name == "date" }?.value }
        #expect(Set(dates).count == 3)
        let ids = scene.transport.requests.map { request in request.headers.filter { $0.name == "opc-request-id" }.count
        }
        #expect(ids == [1, 1, 1])
    }

    @Test("there are at most three attempts, and the call throws the last error")
    func threeAttempts() async throws {
        let scene = try Scene(.fails(.timedOut), .fails(.connectionRefused), .error(503, "Busy", "later"))
        #expect(
            await scene.failure()
                == ServiceError(
                    operation: "recentJobRuns", kind: .server, status: 503, code: "Busy", message: "later",
                    opcRequestID: String(repeating: "F", count: 32), attempts: 3))
        #expect(scene.transport.requests.count == 3)
    }

    @Test("an attempt gets no more time than the rest of the budget, and no attempt starts after it")
    func budget() async throws {
        var settings = ClientSettings()
        settings.timeout = .seconds(10)
        settings.budget = .seconds(15)
        let scene = try Scene(.fails(.timedOut), settings: settings, eachTakes: .seconds(9))
        #expect(await scene.failure()?.kind == .timedOut)
        let first = try #require(scene.time.sleeps.first)
        #expect(scene.transport.timeouts == [.seconds(10), .seconds(6) - first])
    }

    @Test(
        "an error that a retry cannot fix is not retried",
        arguments: [
            (400, .badRequest), (403, .forbidden), (404, .notFound), (409, .unexpectedStatus), (414, .uriTooLong),
            (501, .server), (302, .unexpectedStatus), (418, .unexpectedStatus), (401, .unauthorized),
        ] as [(Int, ServiceError.Kind)])
    func notRetried(_ status: Int, _ kind: ServiceError.Kind) async throws {
        let scene = try Scene(.error(status, "Code", "why"))
        let error = try #require(await scene.failure())
        #expect(error.kind == kind)
        #expect(error.status == status)
        #expect(error.attempts == 1)
        #expect(scene.transport.requests.count == 1)
    }

    @Test("the pause of a 429, in seconds or until a date, is slept if the budget allows it")
    func rateLimitedWithinBudget() async throws {
        for header in ["4", "Fri, 01 May 2026 12:36:44 GMT"] {
            let scene = try Scene(.error(429, "TooManyRequests", "slow down", ["retry-after": header]), .reply(200))
            #expect(try await scene.client.recentJobRuns(RecentJobRunsRequest(jobKeys: ["a"])).attempts == 2)
            let slept = try #require(scene.time.sleeps.first)
            #expect(.seconds(4) ... .milliseconds(4500) ~= slept)
        }
    }

    @Test("a 429 whose pause is longer than the budget is returned with the time to retry")
    func rateLimitedBeyondBudget() async throws {
        let scene = try Scene(.error(429, "TooManyRequests", "slow down", ["retry-after": "120"]))
        let error = try #require(await scene.failure())
        #expect(error.kind == .rateLimited)
        #expect(error.retryAt == Date(timeIntervalSince1970: 1_777_639_120))
        #expect(error.advice == "The service asks to wait until 12:38:40 UTC.")
        #expect(scene.time.sleeps.isEmpty)
    }

    @Test("a 503 whose pause is longer than the budget is returned with the time to retry")
    func unavailableBeyondBudget() async throws {
        let scene = try Scene(.error(503, "Busy", "later", ["retry-after": "120"]))
        let error = try #require(await scene.failure())
        #expect(error.kind == .server)
        #expect(error.retryAt == Date(timeIntervalSince1970: 1_777_639_120))
        #expect(try await Scene(.error(503, "Busy", "later")).failure()?.retryAt == nil)
    }

    @Test("the pause that the service requests counts from the arrival of its answer")
    func retryAfterCountsFromTheAnswer() async throws {
        for header in ["120", "Fri, 01 May 2026 12:38:45 GMT"] {
            let scene = try Scene(
                .error(429, "TooManyRequests", "slow down", ["retry-after": header]), eachTakes: .seconds(5))
            let error = try #require(await scene.failure())
            #expect(error.kind == .rateLimited)
            #expect(error.retryAt == Date(timeIntervalSince1970: 1_777_639_125))
        }
    }

    @Test("a poller's call returns a long pause at once, whatever its budget, and sleeps a short one")
    func pauseForThePlan() async throws {
        var settings = ClientSettings()
        settings.budget = .seconds(3_600)
        settings.retry.longestRetryAfter = .seconds(3)
        for status in [429, 503] {
            let scene = try Scene(.error(status, "C", "m", ["retry-after": "4"]), settings: settings)
            #expect(await scene.failure()?.attempts == 1)
            #expect(scene.time.sleeps.isEmpty)
        }
        let short = try Scene(.error(429, "C", "m", ["retry-after": "3"]), .reply(200), settings: settings)
        #expect(await short.failure() == nil)
        #expect(short.time.sleeps.count == 1)
    }

    @Test("the budget is read when a call starts, and is never shorter than one attempt")
    func changingBudget() async throws {
        let budget = Budget(.seconds(3_600))
        let time = TestTime()
        let transport = ScriptedTransport([.fails(.timedOut)]) { time.pass(.seconds(9)) }
        let client = AIDPClient(
            endpoint: try .test(), authenticator: .standIn(), settings: ClientSettings(), transport: transport,
            dependencies: time.dependencies, budget: { budget.duration })
        _ = try? await client.listJobs(ListJobsRequest())
        #expect(transport.timeouts == [.seconds(10), .seconds(10), .seconds(10)])
        budget.duration = .seconds(12)
        _ = try? await client.listJobs(ListJobsRequest())
        #expect(transport.timeouts.count == 5)
        #expect(transport.timeouts[3] == .seconds(10))
        #expect(transport.timeouts[4] < .seconds(3), "what is left of the budget")
        budget.duration = .seconds(2)
        _ = try? await client.listJobs(ListJobsRequest())
        #expect(transport.timeouts[5] == .seconds(10), "one attempt has its whole time-out")
    }

    private final class Budget: Sendable {
        private let state: Mutex<Duration>
        init(_ duration: Duration) { state = Mutex(duration) }
        var duration: Duration {
            get { state.withLock { $0 } }
            set { state.withLock { $0 = newValue } }
        }
    }

    @Test("a Retry-After date is compared with the service's clock, not with the local one")
    func retryAfterBySkewedClock() async throws {
        let scene = try Scene(
            .error(
                429, "TooManyRequests", "m",
                ["retry-after": "Fri, 01 May 2026 14:01:00 GMT", "date": "Fri, 01 May 2026 14:00:00 GMT"]))
        let error = try #require(await scene.failure())
        #expect(error.kind == .rateLimited)
        #expect(error.retryAt == Date(timeIntervalSince1970: 1_777_639_060))
    }

    @Test("a 401 with new credentials is not retried beyond the attempts of a call")
    func renewedTooLate() async throws {
        let scene = try Scene(
            .error(500, "C", "m"), .error(500, "C", "m"), .error(401, "C", "m"), .reply(200),
            authenticator: .standIn(afterRejection: .renewed))
        #expect(await scene.failure()?.status == 401)
        #expect(scene.transport.requests.count == 3)
    }

    @Test("a 401 is retried once when the credentials were renewed, and not twice")
    func renewed() async throws {
        let once = try Scene(
            .error(401, "NotAuthenticated", "m"), .reply(200), authenticator: .standIn(afterRejection: .renewed))
        #expect(try await once.client.listJobs(ListJobsRequest()).attempts == 2)
        #expect(once.time.sleeps.isEmpty)
        let twice = try Scene(.error(401, "NotAuthenticated", "m"), authenticator: .standIn(afterRejection: .renewed))
        #expect(await twice.failure()?.attempts == 2)
    }

    @Test("a 401 whose renewed credentials cannot be used says so")
    func unusable() async throws {
        let credentials = CredentialsError("The token file is gone.", advice: "Sign in again.")
        let scene = try Scene(
            .error(401, "NotAuthenticated", "m"), authenticator: .standIn(afterRejection: .unusable(credentials)))
        let error = try #require(await scene.failure())
        #expect(error.kind == .credentials)
        #expect(error.status == 401)
        #expect(error.summary == "recentJobRuns: 401 NotAuthenticated: m – The token file is gone.")
        #expect(error.advice == "Sign in again.")
    }

    @Test("an expired token is reported as such, and nothing is sent")
    func expiredToken() async throws {
        let ended = CredentialsError("The token ended.", advice: "Sign in.", kind: .expiredToken(.distantPast))
        let scene = try Scene(.reply(200), authenticator: .standIn(failure: ended))
        let error = try #require(await scene.failure())
        #expect(error.kind == .expiredToken)
        #expect(error.attempts == 0)
        #expect(error.advice == "Sign in.")
        #expect(scene.transport.requests.isEmpty)
    }

    @Test("credentials that cannot sign send nothing")
    func cannotSign() async throws {
        let missing = CredentialsError("The key is missing.", advice: "Name one.")
        let scene = try Scene(.reply(200), authenticator: .standIn(failure: missing))
        #expect(
            await scene.failure()
                == ServiceError(
                    operation: "recentJobRuns", kind: .credentials, message: "The key is missing.", attempts: 0,
                    advice: "Name one."))
        #expect(scene.transport.requests.isEmpty)
    }

    @Test(
        "a 401 while the clocks differ by more than five minutes is reported as a clock error",
        arguments: [
            ("Fri, 01 May 2026 12:30:00 GMT", .clockSkew(seconds: 400), "7 minutes ahead of"),
            ("Fri, 01 May 2026 12:46:39 GMT", .clockSkew(seconds: -599), "10 minutes behind"),
            ("Fri, 01 May 2026 12:31:39 GMT", .clockSkew(seconds: 301), "5 minutes ahead of"),
            ("Fri, 01 May 2026 12:31:40 GMT", .unauthorized, "uploaded"),
            ("Fri, 01 May 2026 15:36:40 GMT", .clockSkew(seconds: -10_800), "3 hours behind"),
            ("Fri, 01 May 2026 10:06:40 GMT", .clockSkew(seconds: 9_000), "3 hours ahead of"),
            ("Fri, 01 May 2026 14:36:10 GMT", .clockSkew(seconds: -7_170), "2 hours behind"),
            ("Fri, 01 May 2026 14:36:09 GMT", .clockSkew(seconds: -7_169), "119 minutes behind"),
            ("Fri, 01 May 2026 12:32:00 GMT", .unauthorized, "uploaded"),
            ("yesterday", .unauthorized, "uploaded"),
        ] as [(String, ServiceError.Kind, String)])
    func clockSkew(_ date: String, _ kind: ServiceError.Kind, _ advice: String) async throws {
        let scene = try Scene(.error(401, "NotAuthenticated", "m", ["date": date]))
        let error = try #require(await scene.failure())
        #expect(error.kind == kind)
        #expect(error.advice.contains(advice))
    }

    @Test(
        "a 401 for an expired token names the commands that renew it",
        arguments: [
            ("The security token has expired.", nil, "Run `oci session authenticate`, or `oci session refresh`"),
            ("The security token has expired.", "Run this.", "Run this."),
            ("Not authenticated.", "Run this.", "The service does not accept the token. Run this."),
            ("The token is unknown.", nil, "Check the profile's user"),
            ("The key has expired.", nil, "Check the profile's user"),
        ] as [(String, String?, String)])
    func expiredAtTheService(_ message: String, _ renewal: String?, _ advice: String) async throws {
        let scene = try Scene(.error(401, "NotAuthenticated", message), authenticator: .standIn(renewal: renewal))
        let error = try #require(await scene.failure())
        #expect(error.kind == .unauthorized)
        #expect(error.advice.hasPrefix(advice), "\(error.advice)")
    }

    @Test("a wrong clock is reported as the reason even if the service says that the token has expired")
    func skewBeforeExpiry() async throws {
        let scene = try Scene(
            .error(401, "C", "The token has expired.", ["date": "Fri, 01 May 2026 12:30:00 GMT"]),
            authenticator: .standIn(renewal: "Run this."))
        #expect(await scene.failure()?.advice.contains("clock") == true)
    }

    @Test("a server error with a pause says how long, and a 404 names the other API version")
    func adviceOfStatuses() async throws {
        let busy = try Scene(.error(503, "C", "m", ["retry-after": "90"]))
        #expect(await busy.failure()?.advice == "The service asks to wait 90 s.")
        let unknown = try Scene(.error(404, "C", "m"))
        #expect(await unknown.failure()?.advice.contains("--api-version 20240831") == true)
        let older = ServiceError.Kind.adviceNotFound(apiVersion: "20240831")
        #expect(older.contains("a newer API version (try --api-version 20260430)"))
    }

    @Test("a redirect is reported, not followed")
    func redirect() async throws {
        let scene = try Scene(.reply(307, "", ["location": "https://elsewhere.example/x"]))
        let error = try #require(await scene.failure())
        #expect(error.summary == "recentJobRuns: 307: the endpoint redirects to https://elsewhere.example/x")
        #expect(error.advice.contains("check the endpoint"))
        #expect(scene.transport.requests.count == 1)
    }

    @Test("a request id is limited to one short line, and is the client's own if the service sends none")
    func requestIDs() async throws {
        let long = try Scene(.error(400, "C", "m", ["opc-request-id": String(repeating: "x", count: 300)]))
        #expect(await long.failure()?.opcRequestID == String(repeating: "x", count: 200) + "…")
        let lines = try Scene(.error(400, "C", "m", ["opc-request-id": "a\t b"]))
        #expect(await lines.failure()?.opcRequestID == "a b")
        let transport = try Scene(.fails(.tls))
        #expect(await transport.failure()?.opcRequestID == String(repeating: "F", count: 32))
    }

    @Test("the transport's own advice replaces that of the kind, and its message is limited")
    func transportAdvice() async throws {
        let own = try Scene(.failure(TransportError(.tls, String(repeating: "m", count: 400), advice: "Do this.")))
        let error = try #require(await own.failure())
        #expect(error.advice == "Do this.")
        #expect(error.message?.count == 301)
        let plain = try Scene(.fails(.tls))
        #expect(await plain.failure()?.advice == ServiceError.Kind.tls.advice)
    }

    @Test("a 2xx answer that is not a list is malformed, and the error has its request id")
    func malformed() async throws {
        let scene = try Scene(.reply(200, "<html>", ["opc-request-id": "X/Y"]))
        let error = try #require(await scene.failure())
        #expect(error.kind == .malformedResponse)
        #expect(error.status == 200)
        #expect(error.opcRequestID == "X/Y")
        #expect(error.attempts == 1)
    }

    @Test("a call that is cancelled during a pause makes no further attempt")
    func cancelled() async throws {
        let scene = try Scene(.fails(.timedOut))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await scene.failure()
        }
        #expect(await task.value?.kind == .cancelled)
        #expect(scene.transport.requests.count == 1)
    }
}
