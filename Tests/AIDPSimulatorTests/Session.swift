import AsyncHTTPClient
import Crypto
import CryptoExtras
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

@testable import AIDPSimulator

/// A running simulator, and signed requests to it over real HTTP.
struct Session {
    let port: Int
    let settings: SimulatorSettings
    let simulator: Simulator
    let now: Date

    struct Answer {
        let status: Int
        let headers: [String: String]
        let text: String

        /// The body as JSON; an empty object if it is not JSON.
        var json: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
        }
        var items: [[String: Any]] { json["items"] as? [[String: Any]] ?? [] }
        var keys: [String] { items.compactMap { $0["key"] as? String } }
        var code: String? { json["code"] as? String }
        var message: String { json["message"] as? String ?? "" }
        var nextPage: String? { headers["opc-next-page"] }
    }

    var host: String { "127.0.0.1:\(port)" }
    var workspace: String {
        "/\(settings.apiVersion)/aiDataPlatforms/\(settings.instanceID)/workspaces/\(settings.workspaceKey)"
    }
    /// The same world as the simulator's, for comparison.
    var world: World { World(seed: settings.seed, jobCount: settings.jobCount, speed: settings.speed) }

    /// A signed GET of a path below the workspace.
    func get(_ path: String, requestID: String? = nil) async throws -> Answer {
        try await get(target: workspace + path, requestID: requestID)
    }

    func get(target: String, requestID: String? = nil, signer: Signer? = nil) async throws -> Answer {
        var headers = try (signer ?? Signer.registered(at: now)).headers(target: target, host: host)
        headers["opc-request-id"] = requestID
        return try await send(target: target, headers: headers)
    }

    func send(method: String = "GET", target: String, headers: [String: String], body: String? = nil) async throws
        -> Answer
    {
        var request = HTTPClientRequest(url: "http://\(host)\(target)")
        request.method = .init(rawValue: method)
        for (name, value) in headers where name != "host" && name != "content-length" {
            request.headers.add(name: name, value: value)
        }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .minutes(10))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        return Answer(
            status: Int(response.status.code),
            headers: Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first },
            text: String(buffer: bytes))
    }

    /// Every page of a list.
    func all(_ path: String) async throws -> [Answer] {
        var pages = [try await get(path)]
        while let token = pages.last?.nextPage, pages.count < 500 {
            pages.append(try await get(path + (path.contains("?") ? "&" : "?") + "page=" + encoded(token)))
        }
        return pages
    }
}

/// Percent-encodes everything except unreserved characters.
func encoded(_ text: String) -> String {
    text.utf8.map { byte in
        let scalar = Unicode.Scalar(byte)
        let isPlain = byte < 0x80 && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
        return isPlain || "-._~".unicodeScalars.contains(scalar)
            ? String(scalar) : "%" + UInt64(byte).hex(2).uppercased()
    }.joined()
}

/// A Tuesday morning.
let tuesday = Date(timeIntervalSince1970: 1_793_693_045.678)

/// Starts a simulator whose clock stands still, runs the test's body, and stops it.
func withSimulator<Result: Sendable>(
    now: Date = tuesday, _ configure: (inout SimulatorSettings) throws -> Void = { _ in },
    body: @Sendable (Session) async throws -> Result
) async throws -> Result {
    var settings = SimulatorSettings()
    settings.keys = [try Keys.registered()]
    try configure(&settings)
    let simulator = Simulator(settings, now: { now })
    return try await simulator.whileRunning { [settings] port in
        try await body(Session(port: port, settings: settings, simulator: simulator, now: now))
    }
}

extension Session {
    /// A path for the recent runs of the world's first jobs.
    func recentJobRuns(jobs count: Int, _ more: String = "") -> String {
        "/recentJobRuns?" + world.jobs.prefix(count).map { "jobKey=\($0.key)" }.joined(separator: "&") + more
    }

    /// A signed POST to a path below the workspace.
    func post(
        _ path: String, _ body: String = "", retryToken: String? = nil, ifMatch: String? = nil
    ) async throws -> Answer {
        try await post(target: workspace + path, body, retryToken: retryToken, ifMatch: ifMatch)
    }

    func post(
        target: String, _ body: String, signer: Signer? = nil, retryToken: String? = nil, ifMatch: String? = nil
    ) async throws -> Answer {
        let coverage = ["date", "(request-target)", "host", "content-length", "content-type", "x-content-sha256"]
        let signer = try signer ?? Signer.registered(at: now).covering(coverage)
        var headers = try signer.headers(method: "POST", target: target, host: host, body: body)
        headers["opc-retry-token"] = retryToken
        headers["if-match"] = ifMatch
        return try await send(method: "POST", target: target, headers: headers, body: body)
    }

    /// One of the newest runs with one of these statuses.
    func run(in statuses: Set<Status>) throws -> SimulatedRun {
        let moment = Milliseconds(clamping: now)
        let runs = world.jobs.flatMap { world.runs(of: $0, at: moment, limit: 4) }
        return try #require(runs.first { statuses.contains($0.status) })
    }

    func status(of answer: Answer) -> String? { (answer.json["state"] as? [String: Any])?["status"] as? String }
}

/// A small signer of OCI requests. Each part of the signature can be made wrong.
struct Signer {
    var key: _RSA.Signing.PrivateKey
    var keyID: String
    var date: Date
    var version = "1"
    var algorithm = "rsa-sha256"
    var covered = ["date", "(request-target)", "host"]
    var dateHeader = "date"

    static func registered(at date: Date) throws -> Signer {
        Signer(key: try Keys.user.get(), keyID: try Keys.registered().keyID, date: date)
    }

    /// The same signer with signatures that cover other headers.
    func covering(_ names: [String]) -> Signer {
        var signer = self
        signer.covered = names
        return signer
    }

    /// The headers of a signed request, `host` included.
    func headers(method: String = "GET", target: String, host: String, body: String? = nil) throws -> [String: String] {
        var headers = ["host": host, dateHeader: HTTPDate.text(Milliseconds(clamping: date))]
        if let body {
            headers["content-type"] = "application/json"
            headers["content-length"] = String(body.utf8.count)
            headers["x-content-sha256"] = Data(SHA256.hash(data: Data(body.utf8))).base64EncodedString()
        }
        let names = covered.map { $0 == "date" ? dateHeader : $0 }
        let lines = names.map { name in
            name == "(request-target)"
                ? "(request-target): \(method.lowercased()) \(target)" : "\(name): \(headers[name.lowercased()] ?? "")"
        }
        let signature = try key.signature(
            for: SHA256.hash(data: Data(lines.joined(separator: "\n").utf8)), padding: .insecurePKCS1v1_5)
        headers["authorization"] =
            "Signature version=\"\(version)\",headers=\"\(names.joined(separator: " "))\",keyId=\"\(keyID)\","
            + "algorithm=\"\(algorithm)\",signature=\"\(signature.rawRepresentation.base64EncodedString())\""
        return headers
    }
}

/// Keys that are created once for all tests: creating one takes longer than most tests.
enum Keys {
    static let user = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }
    static let stranger = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }
    static let issuer = Result { try TokenIssuer() }

    /// The registered public key of `user`.
    static func registered() throws -> RegisteredKey {
        try RegisteredKey(
            tenancy: "ocid1.tenancy.oc1..t", user: "ocid1.user.oc1..u",
            publicKeyPEM: user.get().publicKey.pemRepresentation)
    }
}

extension World {
    /// The runs of a job at a date, newest first, at most `limit`.
    func runs(of job: SimulatedJob, at date: Date, limit: Int = history) -> [SimulatedRun] {
        runs(of: job, at: Milliseconds(clamping: date), limit: limit)
    }
}
