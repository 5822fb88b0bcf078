import Foundation
import OCIAuth
import Synchronization

@testable import AIDP

/// Answers in the order of a script, and remembers what was asked. Past its end it repeats the last line.
final class ScriptedTransport: HTTPTransport {
    typealias Line = Result<HTTPReply, TransportError>

    private let script: [Line]
    private let seen = Mutex<[(request: HTTPRequest, timeout: Duration)]>([])
    private let onSend: @Sendable () -> Void

    init(_ script: [Line], onSend: @escaping @Sendable () -> Void = {}) {
        self.script = script
        self.onSend = onSend
    }

    var requests: [HTTPRequest] { seen.withLock { $0.map(\.request) } }
    var timeouts: [Duration] { seen.withLock { $0.map(\.timeout) } }

    func send(_ request: HTTPRequest, timeout: Duration) async throws(TransportError) -> HTTPReply {
        let index = seen.withLock {
            $0.append((request, timeout))
            return $0.count - 1
        }
        onSend()
        return try script[min(index, script.count - 1)].get()
    }

    func shutdown() async {}
}

extension ScriptedTransport.Line {
    static func reply(_ status: Int, _ body: String = #"{"items":[]}"#, _ headers: [String: String] = [:]) -> Self {
        .success(HTTPReply(status: status, headers: headers.map { ($0.key, $0.value) }, body: Array(body.utf8)))
    }

    static func error(_ status: Int, _ code: String, _ message: String, _ headers: [String: String] = [:]) -> Self {
        reply(status, #"{"code":"\#(code)","message":"\#(message)"}"#, headers)
    }

    static func fails(_ kind: ServiceError.Kind, _ message: String = "it broke") -> Self {
        .failure(TransportError(kind, message))
    }
}

extension Signing {
    /// Signs by writing the date into the header: two attempts at two moments have two signatures.
    static func standIn(afterRejection: AfterRejection = .unchanged, renewal: String? = nil) -> Signing {
        Signing { request in
            Signed(
                headers: [
                    ("host", request.host), ("date", "\(request.date.timeIntervalSince1970)"),
                    ("authorization", "Signature \(request.date.timeIntervalSince1970) \(request.target)"),
                ],
                renewal: renewal, wasRejected: { afterRejection })
        }
    }
}

extension Endpoint {
    static func test(port: Int = 8080) throws -> Endpoint {
        try Endpoint(baseURL: "http://127.0.0.1:\(port)", instanceID: "ocid1.aidp", workspaceKey: "ws")
    }
}

/// A client on a script, and everything a test looks at afterwards.
struct Scene {
    let client: AIDPClient
    let transport: ScriptedTransport
    let time: TestTime

    init(
        _ script: ScriptedTransport.Line..., settings: ClientSettings = ClientSettings(), time: TestTime = TestTime(),
        signing: Signing = .standIn(), eachTakes: Duration = .zero
    ) throws {
        transport = ScriptedTransport(script) { time.pass(eachTakes) }
        self.time = time
        client = AIDPClient(
            endpoint: try .test(), settings: settings, signing: signing, transport: transport,
            dependencies: time.dependencies)
    }

    /// Asks for the runs of one job, and returns why that failed; `nil` when it did not.
    func failure() async -> ServiceError? {
        do throws(ServiceError) {
            _ = try await client.recentJobRuns(RecentJobRunsRequest(jobKeys: ["a"]))
            return nil
        } catch {
            return error
        }
    }
}

/// Time that passes only when somebody sleeps, and chance that is always the same.
final class TestTime: Sendable {
    private let state: Mutex<(passed: Duration, sleeps: [Duration])> = .init((.zero, []))
    let start: Date
    private let bits: UInt64

    /// - Parameter bits: what chance gives, every time; all bits set makes every pause the longest.
    init(start: Date = Date(timeIntervalSince1970: 1_777_639_000), bits: UInt64 = .max) {
        self.start = start
        self.bits = bits
    }

    /// The pauses so far.
    var sleeps: [Duration] { state.withLock { $0.sleeps } }

    func pass(_ duration: Duration) {
        state.withLock { $0.passed += duration }
    }

    var dependencies: Dependencies {
        Dependencies(
            now: { [self] in start.addingTimeInterval(state.withLock { $0.passed } / .seconds(1)) },
            uptime: { [self] in state.withLock { $0.passed } },
            sleep: { [self] pause in
                try Task.checkCancellation()
                state.withLock {
                    $0.passed += pause
                    $0.sleeps.append(pause)
                }
            },
            randomBits: { [bits] in bits })
    }
}
