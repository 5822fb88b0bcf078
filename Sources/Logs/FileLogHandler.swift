import Foundation
import Logging

/// Writes log messages to a file, one line each: `2026-11-23T22:51:56.123Z INFO GET /… 200 in 143 ms, attempt 1 bytes=512`.
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
        file.write(Self.onOneLine(text))
    }

    /// The text on one line: control characters, format characters and line breaks are spelled out, so that the log can
    /// be shown on a terminal.
    static func onOneLine(_ text: String) -> String {
        var safe = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                safe.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            default: safe.append(scalar)
            }
        }
        return String(safe)
    }
}
