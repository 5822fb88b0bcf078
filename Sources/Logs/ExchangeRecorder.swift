import AIDP
import Dispatch
import Foundation
import Glibc
import HTTP

/// Keeps the last requests and answers as files in a folder, for a bug report.
///
/// A ``RecordedExchange`` has no signatures, tokens, cookies or page tokens. Bodies are written unchanged, and may
/// contain secrets in job parameters and error traces. So only the owner can read the files, and a folder that other
/// users can write to is rejected.
package final class ExchangeRecorder: RequestObserver {
    private static let largestBody = 1 << 18
    private let folder: String
    /// The open folder. Files are written there even if its path changes later.
    private let descriptor: Int32
    private let kept: Int
    private let queue = DispatchQueue(label: "runtop.debug-http", qos: .utility)
    private let count = Counter()

    /// The number of exchanges that were written. Used only on the queue.
    private final class Counter: @unchecked Sendable { var value = 0 }

    /// Opens the folder, or creates it without access for other users.
    ///
    /// - Parameters:
    ///   - path: the path of the folder.
    ///   - kept: the number of exchanges to keep.
    /// - Throws: ``Trouble`` if the folder cannot be created or written, or belongs to another user.
    package init(folder path: String, kept: Int = 50) throws(Trouble) {
        folder = path
        self.kept = kept
        guard Self.create(folder) else {
            throw Self.failure(folder, "cannot be created: \(lastSystemError)")
        }
        descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(folder, "cannot be opened: \(lastSystemError)") }
        var status = stat()
        guard fstat(descriptor, &status) == 0, faccessat(descriptor, ".", W_OK | X_OK, AT_EACCESS) == 0 else {
            throw Self.failure(folder, "cannot be written to: \(lastSystemError)")
        }
        guard status.st_uid == geteuid() else { throw Self.failure(folder, "belongs to another user") }
        guard status.st_mode & 0o022 == 0 else {
            throw Self.failure(
                folder, "can be written to by other users (mode 0\(String(status.st_mode & 0o777, radix: 8)))")
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    private static func failure(_ folder: String, _ problem: String) -> Trouble {
        Trouble("The folder \(folder) \(problem).", advice: "Name a folder of your own with --debug-http.")
    }

    /// Creates a folder and its parents without access for other users. Does not change existing folders.
    private static func create(_ folder: String) -> Bool {
        if mkdir(folder, 0o700) == 0 || errno == EEXIST { return true }
        let parent = URL(filePath: folder).deletingLastPathComponent().path
        guard errno == ENOENT, parent != folder, create(parent) else { return false }
        return mkdir(folder, 0o700) == 0 || errno == EEXIST
    }

    /// Writes an exchange asynchronously on another thread.
    package func attemptEnded(_ exchange: RecordedExchange) {
        queue.async { [self] in
            write(exchange, at: count.value % kept)
            count.value += 1
        }
    }

    /// Waits until all previous exchanges are written.
    package func finish() { queue.sync {} }

    /// Ignores a file that cannot be written, so that the dashboard continues.
    private func write(_ exchange: RecordedExchange, at place: Int) {
        let name = "exchange-\(String(place + 100).dropFirst()).txt"
        unlinkat(descriptor, name, 0)
        let file = openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { return }
        try? FileHandle(fileDescriptor: file, closeOnDealloc: true).write(contentsOf: Self.text(of: exchange))
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
