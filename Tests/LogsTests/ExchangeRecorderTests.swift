import Foundation
import HTTP
import Testing

@testable import AIDP
@testable import Logs

@Suite("The folder of exchanges")
struct ExchangeRecorderTests {
    private let parent = FileManager.default.temporaryDirectory.appending(path: "runtop-debug-\(UUID().uuidString)")
    private var folder: String { parent.appending(path: "new/http").path }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    private func makeFolder(_ mode: Int) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder)
    }

    private func exchange(_ number: Int, body: [UInt8] = Array("{}".utf8), failing: Bool = false) throws
        -> RecordedExchange
    {
        let record = RequestRecord(
            operation: "listJobs", method: "GET", target: "/jobs?page=…", attempt: number, duration: .milliseconds(12),
            outcome: failing ? .failed("it broke") : .answered(status: 200), sentRequestID: "S", bytes: body.count)
        return RecordedExchange(
            record: record,
            request: HTTPRequest(
                "POST", to: try BaseURL("https://h"), target: "/jobs?page=secret",
                headers: [("authorization", "Signature secret"), ("date", "now")],
                body: Array("asked".utf8)),
            reply: HTTPReply(
                status: 200,
                headers: [
                    ("opc-next-page", "secret"), ("OPC-Prev-Page", "secret"), ("Set-Cookie", "secret"), ("etag", "v1"),
                ],
                body: body))
    }

    private func text(_ name: String) -> String? {
        try? String(contentsOfFile: folder + "/" + name, encoding: .utf8)
    }

    @Test("the folder is created with its parents, and only its owner has access to all of it")
    func created() throws {
        defer { try? FileManager.default.removeItem(at: parent) }
        let recorder = try ExchangeRecorder(folder: folder)
        recorder.attemptEnded(try exchange(1))
        recorder.finish()
        #expect(try mode(folder) == 0o700)
        #expect(try mode(parent.appending(path: "new").path) == 0o700)
        #expect(try mode(folder + "/exchange-00.txt") == 0o600)
    }

    @Test("a file contains the whole exchange, without signatures, cookies and page tokens")
    func contents() throws {
        defer { try? FileManager.default.removeItem(at: parent) }
        let recorder = try ExchangeRecorder(folder: folder)
        recorder.attemptEnded(try exchange(3, body: Array(#"{"items":[]}"#.utf8)))
        recorder.attemptEnded(try exchange(4, failing: true))
        recorder.finish()
        #expect(
            text("exchange-00.txt") == """
                GET /jobs?page=… 200 in 12 ms, attempt 3

                GET /jobs?page=…
                authorization: (redacted)
                date: now

                asked

                HTTP 200
                opc-next-page: (redacted)
                OPC-Prev-Page: (redacted)
                Set-Cookie: (redacted)
                etag: v1

                {"items":[]}

                """)
        #expect(text("exchange-01.txt")?.hasSuffix("asked\n\nNo answer: it broke\n") == true)
    }

    @Test("the last exchanges are kept; of a long body only the beginning")
    func limits() throws {
        defer { try? FileManager.default.removeItem(at: parent) }
        let recorder = try ExchangeRecorder(folder: folder, kept: 2)
        for number in 1...3 {
            recorder.attemptEnded(try exchange(number, body: [UInt8](repeating: 0x61, count: (1 << 18) + 7)))
        }
        recorder.finish()
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
                "exchange-00.txt", "exchange-01.txt",
            ])
        #expect(text("exchange-00.txt")?.hasPrefix("GET /jobs?page=… 200 in 12 ms, attempt 3\n") == true)
        #expect(text("exchange-01.txt")?.hasPrefix("GET /jobs?page=… 200 in 12 ms, attempt 2\n") == true)
        #expect(text("exchange-00.txt")?.hasSuffix("aaa\n(7 bytes more)\n") == true)
    }

    @Test("a symbolic link in place of a file is not followed")
    func plantedLink() throws {
        defer { try? FileManager.default.removeItem(at: parent) }
        try makeFolder(0o755)
        let victim = parent.appending(path: "victim")
        try Data("untouched".utf8).write(to: victim)
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/exchange-00.txt", withDestinationPath: victim.path)
        let recorder = try ExchangeRecorder(folder: folder)
        recorder.attemptEnded(try exchange(1))
        recorder.finish()
        #expect(try String(contentsOf: victim, encoding: .utf8) == "untouched")
        #expect(try mode(folder + "/exchange-00.txt") == 0o600)
        #expect(text("exchange-00.txt")?.contains("attempt 1") == true)
    }

    @Test("a folder that other users can write to is rejected", arguments: [0o777, 0o770, 0o702])
    func writableByOthers(mode: Int) throws {
        defer { try? FileManager.default.removeItem(at: parent) }
        try makeFolder(mode)
        let failure = #expect(throws: Trouble.self) { try ExchangeRecorder(folder: folder) }
        #expect(failure?.problem.contains("can be written to by other users") == true, "\(String(describing: failure))")
        #expect(failure?.advice.contains("--debug-http") == true)
    }

    @Test("a folder of another user is rejected", .enabled(if: geteuid() == 0, "only root can give a folder away"))
    func foreign() throws {
        defer { try? FileManager.default.removeItem(at: parent) }
        try makeFolder(0o700)
        try #require(chown(folder, 65_534, 65_534) == 0)
        let failure = #expect(throws: Trouble.self) { try ExchangeRecorder(folder: folder) }
        #expect(failure?.problem == "The folder \(folder) belongs to another user.")
    }

    @Test("a folder that is a file, or cannot be created, is rejected")
    func unusable() throws {
        defer { try? FileManager.default.removeItem(at: parent) }
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        let file = parent.appending(path: "file").path
        try Data().write(to: URL(filePath: file))
        for path in [file, file + "/below"] {
            let failure = #expect(throws: Trouble.self) { try ExchangeRecorder(folder: path) }
            #expect(
                failure?.problem.hasPrefix("The folder \(path) cannot be ") == true, "\(String(describing: failure))")
        }
    }
}
