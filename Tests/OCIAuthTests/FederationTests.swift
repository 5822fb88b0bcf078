import Foundation
import HTTP
import Synchronization
import Testing

@testable import OCIAuth

/// A clock that the test sets.
final class SetClock: Sendable {
    private let moment: Mutex<Date>

    init(_ moment: Date) { self.moment = Mutex(moment) }

    var now: Date { moment.withLock { $0 } }
    func pass(_ seconds: TimeInterval) { moment.withLock { $0 += seconds } }
}

/// Returns one session after the other, or an error, and counts the requests.
private final class Sessions: Sendable {
    private let state = Mutex<(asked: Int, failure: CredentialsError?)>((0, nil))
    private let clock: SetClock
    private let life: TimeInterval
    private let key: SigningKey

    init(_ clock: SetClock, life: TimeInterval = 1_200) throws {
        self.clock = clock
        self.life = life
        key = try PrivateKeyPEM(try Fixture.key("rsa-pkcs8"), source: "k").signingKey(passPhrase: nil)
    }

    var asked: Int { state.withLock { $0.asked } }
    func fail(_ error: CredentialsError?) { state.withLock { $0.failure = error } }

    func fetch() async throws(CredentialsError) -> Session {
        // Concurrent requests wait for this one.
        await Task.yield()
        let (number, failure) = state.withLock {
            $0.asked += 1
            return ($0.asked, $0.failure)
        }
        if let failure { throw failure }
        let end = Int(clock.now.timeIntervalSince1970 + life)
        let text = Fixture.jwt(claims: #"{"exp":\#(end),"n":\#(number)}"#)
        let token = try SessionToken(Array(text.utf8), source: .identityService("https://auth"))
        return Session(token: token, signer: RequestSigner(keyID: "ST$\(text)", key: key))
    }
}

@Suite("A session fetched over the network")
struct FederationTests {
    private static let start = Date(timeIntervalSince1970: 1_777_638_896)
    private let clock = SetClock(start)
    private let unreachable = CredentialsError("Nobody there.", advice: "Wait.", kind: .unreachable)

    private func authenticator(_ sessions: Sessions) -> FederatedAuthenticator {
        FederatedAuthenticator(
            now: { clock.now }, fetch: { () async throws(CredentialsError) in try await sessions.fetch() })
    }

    @Test("is fetched once for concurrent requests")
    func singleFlight() async throws {
        let sessions = try Sessions(clock)
        let authenticator = authenticator(sessions)
        let names = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<20 { group.addTask { try? await authenticator.signer().keyID } }
            return await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(names.count == 1)
        #expect(!names.contains(nil))
        #expect(sessions.asked == 1)
    }

    @Test("is replaced a minute before it expires, not earlier")
    func renewed() async throws {
        let sessions = try Sessions(clock)
        let authenticator = authenticator(sessions)
        let first = try await authenticator.signer().keyID
        clock.pass(1_139)
        #expect(try await authenticator.signer().keyID == first)
        #expect(sessions.asked == 1)
        clock.pass(1)
        #expect(try await authenticator.signer().keyID != first)
        #expect(sessions.asked == 2)
        #expect(await authenticator.expiration() == clock.now + 1_200)
    }

    @Test("stays in use until it expires if the service cannot be reached, with a retry every five seconds")
    func outage() async throws {
        let sessions = try Sessions(clock)
        let authenticator = authenticator(sessions)
        let first = try await authenticator.signer().keyID
        sessions.fail(unreachable)
        clock.pass(1_145)
        for _ in 0..<10 { #expect(try await authenticator.signer().keyID == first) }
        #expect(sessions.asked == 2, "a failure is not repeated at once")
        clock.pass(6)
        _ = try await authenticator.signer()
        #expect(sessions.asked == 3)
        clock.pass(60)
        await #expect(throws: unreachable) { try await authenticator.signer() }
        sessions.fail(nil)
        clock.pass(6)
        #expect(try await authenticator.signer().keyID != first)
    }

    @Test("that was rejected is replaced once, and not while it is new")
    func refused() async throws {
        let sessions = try Sessions(clock)
        let authenticator = authenticator(sessions)
        let first = try await authenticator.signer()
        await authenticator.wasRejected(first)
        #expect(
            try await authenticator.signer().keyID == first.keyID, "it is seconds old: another would fare no better")
        clock.pass(10)
        await authenticator.wasRejected(first)
        let second = try await authenticator.signer()
        #expect(second.keyID != first.keyID)
        #expect(sessions.asked == 2)
        await authenticator.wasRejected(first)
        #expect(try await authenticator.signer().keyID == second.keyID, "a late refusal of the old one is no news")
        #expect(sessions.asked == 2)
    }

    @Test("that was rejected is not reused if no other can be fetched; the error says why")
    func refusedAndUnreachable() async throws {
        let sessions = try Sessions(clock)
        let authenticator = authenticator(sessions)
        let first = try await authenticator.signer()
        clock.pass(5)
        sessions.fail(unreachable)
        await authenticator.wasRejected(first)
        await #expect(throws: unreachable) { try await authenticator.signer() }
        await #expect(throws: unreachable) { try await authenticator.signer() }
        #expect(sessions.asked == 2, "a failure is not repeated at once")
        sessions.fail(nil)
        clock.pass(5)
        #expect(try await authenticator.signer() != first)
    }

    @Test("says how to renew it when there is one")
    func renewal() async throws {
        let authenticator = authenticator(try Sessions(clock))
        #expect(await authenticator.renewal() == nil)
        _ = try await authenticator.signer()
        #expect(await authenticator.renewal()?.contains("renewed automatically") == true)
    }
}

/// An identity service with scripted answers.
private final class ScriptedIdentity: HTTPTransport {
    typealias Answer = Result<HTTPReply, TransportError>
    private let state: Mutex<(answers: [Answer], requests: [HTTPRequest])>

    init(_ answers: Answer...) { state = Mutex((answers, [])) }

    var requests: [HTTPRequest] { state.withLock { $0.requests } }

    func send(_ request: HTTPRequest, timeout: Duration) async throws(TransportError) -> HTTPReply {
        await Task.yield()
        let answer = state.withLock { state in
            state.requests.append(request)
            return state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
        }
        return try answer.get()
    }
}

@Suite("A session that is refreshed")
struct SessionRefreshTests {
    private func token(lasting seconds: TimeInterval) -> String {
        let end = Int(OCIHome.end.timeIntervalSince1970 + seconds)
        return Fixture.jwt(claims: #"{"exp":\#(end),"iat":\#(end - 3600)}"#)
    }

    private func reply(_ status: Int, _ body: String) -> ScriptedIdentity.Answer {
        .success(HTTPReply(status: status, body: Array(body.utf8)))
    }

    private func authenticator(
        _ home: OCIHome, _ identity: ScriptedIdentity, _ clock: SetClock, refreshes: Bool = true
    ) async throws -> any Authenticator {
        let settings = AuthenticationSettings(
            profile: "SESSION", refreshesSession: refreshes, environment: ["HOME": "/h"])
        return try await settings.credentials(files: home.files, transport: identity, now: { clock.now }).authenticator
    }

    @Test("is refreshed ten minutes before it expires, once, and the new token is written to its file")
    func refreshed() async throws {
        let (home, fresh) = (try OCIHome(), token(lasting: 3_600))
        let clock = SetClock(OCIHome.end - 601)
        let identity = ScriptedIdentity(reply(200, #"{"token":"\#(fresh)"}"#))
        let authenticator = try await authenticator(home, identity, clock)
        #expect(try await authenticator.signer().keyID == "ST$" + OCIHome.token)
        #expect(identity.requests.isEmpty)
        clock.pass(2)
        let names = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<10 { group.addTask { try await authenticator.signer().keyID } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(names.contains("ST$" + fresh))
        #expect(identity.requests.count == 1)
        let request = try #require(identity.requests.first)
        #expect(request.url == "https://auth.eu-frankfurt-1.oraclecloud.com/v1/authentication/refresh")
        #expect(String(decoding: request.body ?? [], as: UTF8.self) == #"{"currentToken":"\#(OCIHome.token)"}"#)
        let file = try home.files.read(OCIHome.tokenPath)
        #expect(String(decoding: file.bytes, as: UTF8.self) == fresh)
        #expect(file.permissions == 0o600)
    }

    @Test("is not refreshed before half of a short lifetime is over")
    func shortLife() async throws {
        let home = try OCIHome()
        let end = Int(OCIHome.end.timeIntervalSince1970)
        home.files.write(Fixture.jwt(claims: #"{"exp":\#(end),"iat":\#(end - 600)}"#), to: OCIHome.tokenPath)
        let clock = SetClock(OCIHome.end - 301)
        let identity = ScriptedIdentity(reply(200, #"{"token":"\#(token(lasting: 3_600))"}"#))
        let authenticator = try await authenticator(home, identity, clock)
        _ = try await authenticator.signer()
        #expect(identity.requests.isEmpty)
        clock.pass(1)
        _ = try await authenticator.signer()
        #expect(identity.requests.count == 1)
    }

    @Test("is retried if its new token cannot be written, until there is space on the disk")
    func fullDisk() async throws {
        let (home, fresh) = (try OCIHome(), token(lasting: 3_600))
        let clock = SetClock(OCIHome.end - 300)
        let identity = ScriptedIdentity(reply(200, #"{"token":"\#(fresh)"}"#))
        let authenticator = try await authenticator(home, identity, clock)
        home.files.fillDisk(true)
        for _ in 0..<3 { #expect(try await authenticator.signer().keyID == "ST$" + OCIHome.token) }
        #expect(identity.requests.count == 1, "a failure is not repeated at once")
        #expect(
            await authenticator.renewalFailure()?.problem
                == "The refreshed session token could not be written to \(OCIHome.tokenPath): No space left on device.")
        home.files.fillDisk(false)
        clock.pass(29)
        _ = try await authenticator.signer()
        #expect(identity.requests.count == 1)
        clock.pass(1)
        #expect(try await authenticator.signer().keyID == "ST$" + fresh)
        #expect(identity.requests.count == 2)
        #expect(await authenticator.renewalFailure() == nil)
    }

    @Test("does not report, when it expires, a failure that a later refresh has fixed")
    func failureMadeGood() async throws {
        let (home, fresh) = (try OCIHome(), token(lasting: 60))
        let clock = SetClock(OCIHome.end - 300)
        let identity = ScriptedIdentity(
            .failure(TransportError(.connectionLost, "nobody answers")), reply(200, #"{"token":"\#(fresh)"}"#),
            reply(401, "{}"))
        let authenticator = try await authenticator(home, identity, clock, refreshes: true)
        _ = try await authenticator.signer()
        clock.pass(31)
        #expect(try await authenticator.signer().keyID == "ST$" + fresh)
        // Nothing requests a signer until the new token has expired as well.
        clock.pass(400)
        let error = await #expect(throws: CredentialsError.self) { try await authenticator.signer() }
        #expect(error?.kind == .expiredToken(OCIHome.end + 60))
        #expect(error?.problem.contains("could not be refreshed") == false, "\(String(describing: error))")
    }

    @Test("is not refreshed unless the setting enables it")
    func notAsked() async throws {
        let identity = ScriptedIdentity(reply(500, ""))
        let clock = SetClock(OCIHome.end - 10)
        let authenticator = try await authenticator(try OCIHome(), identity, clock, refreshes: false)
        _ = try await authenticator.signer()
        #expect(identity.requests.isEmpty)
    }

    @Test("stays in use when the service fails, with a retry after half a minute")
    func failing() async throws {
        let clock = SetClock(OCIHome.end - 300)
        let identity = ScriptedIdentity(.failure(TransportError(.connectionLost, "nobody answers")))
        let authenticator = try await authenticator(try OCIHome(), identity, clock)
        for _ in 0..<5 { _ = try await authenticator.signer() }
        #expect(identity.requests.count == 1)
        #expect(await authenticator.renewalFailure()?.problem.contains("nobody answers") == true)
        clock.pass(31)
        _ = try await authenticator.signer()
        #expect(identity.requests.count == 2)
    }

    @Test("is retried sooner if less time is left, and the error at its end says why it was not refreshed")
    func failingAtTheEnd() async throws {
        let clock = SetClock(OCIHome.end - 40)
        let identity = ScriptedIdentity(.failure(TransportError(.connectionLost, "nobody answers")))
        let authenticator = try await authenticator(try OCIHome(), identity, clock)
        for _ in 0..<39 {
            _ = try await authenticator.signer()
            clock.pass(1)
        }
        #expect((5...20).contains(identity.requests.count), "\(identity.requests.count)")
        clock.pass(2)
        let error = await #expect(throws: CredentialsError.self) { try await authenticator.signer() }
        #expect(error?.problem.contains("It could not be refreshed: ") == true)
    }

    @Test("ends with the service's reason if the service rejects its refresh, after one request")
    func refused() async throws {
        let clock = SetClock(OCIHome.end - 300)
        let identity = ScriptedIdentity(reply(401, #"{"code":"NotAuthenticated","message":"longest life"}"#))
        let authenticator = try await authenticator(try OCIHome(), identity, clock)
        for _ in 0..<5 { _ = try await authenticator.signer() }
        clock.pass(301)
        let error = await #expect(throws: CredentialsError.self) { try await authenticator.signer() }
        #expect(error?.problem.contains("longest life") == true)
        #expect(identity.requests.count == 1)
        guard case .expiredToken = error?.kind else {
            Issue.record("\(String(describing: error?.kind))")
            return
        }
    }

    @Test("that another process renewed in the meantime is not overwritten")
    func race() async throws {
        let (home, theirs) = (try OCIHome(), token(lasting: 7_200))
        let clock = SetClock(OCIHome.end - 300)
        let identity = WritingIdentity(home.files, theirs: theirs, ours: token(lasting: 3_600))
        let settings = AuthenticationSettings(
            profile: "SESSION", refreshesSession: true, environment: ["HOME": "/h"])
        let authenticator = try await settings.credentials(
            files: home.files, transport: identity, now: { clock.now }
        ).authenticator
        #expect(try await authenticator.signer().keyID == "ST$" + theirs)
        #expect(String(decoding: try home.files.read(OCIHome.tokenPath).bytes, as: UTF8.self) == theirs)
    }

    /// While the service answers, another process writes the file.
    private struct WritingIdentity: HTTPTransport {
        let files: InMemoryFiles
        let theirs, ours: String

        init(_ files: InMemoryFiles, theirs: String, ours: String) {
            (self.files, self.theirs, self.ours) = (files, theirs, ours)
        }

        func send(_ request: HTTPRequest, timeout: Duration) async throws(TransportError) -> HTTPReply {
            files.write(theirs, to: OCIHome.tokenPath)
            return HTTPReply(status: 200, body: Array(#"{"token":"\#(ours)"}"#.utf8))
        }
    }
}
