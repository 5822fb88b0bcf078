import AIDPClient
import Dispatch
import Foundation

/// Keeps the last requests and answers in a folder, one file each, for a bug report. What is secret was taken out before
/// they came here.
public final class ExchangeRecorder: RequestObserver {
    private static let largestBody = 1 << 18
    private let folder: URL
    private let kept: Int
    private let queue = DispatchQueue(label: "runtop.debug-http", qos: .utility)
    private let count = Counter()

    /// How many were written; touched on the queue only.
    private final class Counter: @unchecked Sendable { var value = 0 }

    /// Makes the folder, closed to others, where there is none.
    ///
    /// - Parameter kept: how many exchanges stay.
    /// - Throws: ``LogFailure`` when it cannot be made or written to.
    public init(folder path: String, kept: Int = 50) throws(LogFailure) {
        folder = URL(filePath: (path as NSString).expandingTildeInPath, directoryHint: .isDirectory)
        self.kept = kept
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw LogFailure(
                "The folder \(folder.path) cannot be made: \(error.localizedDescription).",
                advice: "Check --debug-http.")
        }
        guard FileManager.default.isWritableFile(atPath: folder.path) else {
            throw LogFailure("The folder \(folder.path) cannot be written to.", advice: "Check --debug-http.")
        }
    }

    /// Takes an exchange, to be written soon.
    public func attemptEnded(_ exchange: RecordedExchange) {
        queue.async { [self] in
            write(exchange, at: count.value % kept)
            count.value += 1
        }
    }

    /// Waits until all that was taken is written.
    public func finish() { queue.sync {} }

    private func write(_ exchange: RecordedExchange, at place: Int) {
        let file = folder.appending(path: "exchange-\(String(place + 100).dropFirst()).txt")
        try? FileManager.default.removeItem(at: file)
        // A report that cannot be written is missed when it is looked for; the dashboard goes on.
        _ = FileManager.default.createFile(
            atPath: file.path, contents: Self.text(of: exchange), attributes: [.posixPermissions: 0o600])
    }

    private static func text(of exchange: RecordedExchange) -> Data {
        let record = exchange.record
        var text = "\(record.line)\n\n\(record.method) \(record.target)\n"
        text += lines(exchange.requestHeaders)
        var data = Data(text.utf8) + body(exchange.requestBody)
        switch record.outcome {
        case .answered(let status):
            data += Data("\nHTTP \(status)\n".utf8) + Data(lines(exchange.replyHeaders).utf8)
            data += body(exchange.replyBody)
        case .failed(let reason): data += Data("\nNo answer: \(reason)\n".utf8)
        }
        return data
    }

    private static func lines(_ headers: [(name: String, value: String)]) -> String {
        headers.map { "\($0.name): \($0.value)\n" }.joined()
    }

    private static func body(_ bytes: [UInt8]) -> Data {
        guard !bytes.isEmpty else { return Data() }
        let rest = bytes.count - largestBody
        return Data("\n".utf8) + Data(bytes.prefix(largestBody))
            + Data((rest > 0 ? "\n(\(rest) bytes more)\n" : "\n").utf8)
    }
}
