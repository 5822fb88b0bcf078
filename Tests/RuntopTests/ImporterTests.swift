import Foundation
import History
import Runs
import Screen
import Synchronization
import TestSupport
import Testing

@testable import runtop

@Suite("The lines of an import", .blocking)
struct ImporterTests {
    private let folder: TemporaryFolder
    private let place = PlaceChoice.Chosen(place: Place(instanceID: "i", workspaceKey: "w"), name: "sales")

    init() throws { folder = try TemporaryFolder() }

    private func importer(_ lines: Int, stop: ImportStop = ImportStop()) throws -> Importer {
        let file = folder.file("runs.jsonl")
        let text = (0..<lines).map { #"{"key":"\#($0)","jobKey":"job","state":{"status":"SUCCESS"}}"# + "\n" }.joined()
        try Data((text + "no run\n").utf8).write(to: file)
        let reader = try LineReader(path: file.path, environment: [:], stop: stop)
        return Importer(chosen: place, jobs: nil, runs: reader, stop: stop)
    }

    /// Passes all cycles on, and returns the keys of their runs.
    private func keys(of importer: Importer) throws -> [String] {
        var keys: [String] = []
        while let cycle = try importer.next() {
            keys += cycle.runs.map(\.id.key)
            importer.noteWritten(RecordedRuns(new: cycle.runs.count))
        }
        return keys
    }

    @Test("are read again from the first, if a damaged history had a part of them")
    func restart() throws {
        let importer = try importer(5_000)
        for _ in 0..<2 {
            let count = try #require(try importer.next()).runs.count
            importer.noteWritten(RecordedRuns(new: count))
        }
        _ = try importer.next()
        try importer.restart()
        #expect(try keys(of: importer) == (0..<5_000).map(String.init))
        #expect(importer.summary.plainText == "Imported 5000 new runs of sales.")
        #expect(importer.complaints.map(\.plainText).first?.hasPrefix("runtop: 1 line could not be used.") == true)
    }

    @Test("are not lost if the first transaction finds the damage, even if they cannot be read again")
    func restartOfPipe() throws {
        let pipe = try folder.pipe()
        let descriptor = open(pipe, O_RDWR | O_CLOEXEC)
        try #require(descriptor >= 0)
        let stop = ImportStop()
        let reader = try LineReader(path: pipe, environment: [:], stop: stop)
        let importer = Importer(chosen: place, jobs: nil, runs: reader, stop: stop)
        let lines = #"{"key":"a","jobKey":"job"}"# + "\n" + #"{"key":"b","jobKey":"job"}"# + "\n"
        try FileHandle(fileDescriptor: descriptor).write(contentsOf: Data(lines.utf8))
        close(descriptor)
        _ = try importer.next()
        try importer.restart()
        #expect(try keys(of: importer) == ["a", "b"])
        #expect(throws: CommandFailure.self) { try importer.restart() }
    }

    @Test(
        "are left where they are after a signal: at once while it waits for input, otherwise before the next transaction"
    )
    func stopped() throws {
        let ends = Mutex<[String]>([])
        let stop = ImportStop { message, status in ends.withLock { $0.append("\(status) \(message.plainText)") } }
        let importer = try importer(5_000, stop: stop)
        importer.noteWritten(RecordedRuns(new: try #require(try importer.next()).runs.count))
        try stop.beginReading()
        stop.request(SIGTERM)
        stop.endReading()
        let sentence = "runtop: Interrupted after 2000 runs of sales, which are kept; the same command adds the rest."
        #expect(ends.withLock { $0 } == ["143 \(sentence)"])
        stop.request(SIGINT)
        #expect(ends.withLock { $0.count } == 1)
        #expect(throws: ImportStop.Interrupted.self) { try importer.next() }
        #expect(throws: ImportStop.Interrupted.self) { try stop.beginReading() }
    }
}
