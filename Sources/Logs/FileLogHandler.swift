import Foundation
import Logging
import Screen

/// Writes log messages to a file, one line each, without control characters for the terminal:
/// `2026-11-23T22:51:56.123Z INFO GET /… 200 in 143 ms, attempt 1 bytes=512`.
package struct FileLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    private let file: RotatingFile
    private let now: @Sendable () -> Date

    package init(_ file: RotatingFile, level: Logger.Level, now: @escaping @Sendable () -> Date = { Date() }) {
        self.file = file
        logLevel = level
        self.now = now
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let time = now().formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
        let fields = self.metadata.merging(event.metadata ?? [:]) { _, newer in newer }
            .filter { !"\($0.value)".isEmpty }.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
        let text = "\(time)Z \(event.level.rawValue.uppercased()) \(event.message)" + fields.joined()
        file.write(SafeText(text))
    }
}
