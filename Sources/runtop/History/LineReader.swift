import Foundation
import OCIAuth
import Screen

/// Reads the lines of a file or of standard input piece by piece.
final class LineReader {
    struct Line {
        let bytes: [UInt8]
        /// From 1.
        let number: Int
        /// The name of the file.
        let source: String
    }

    private let file: FileHandle
    private let source: String
    /// The size of the file; `nil` for a pipe.
    private let size: Int?
    private let stop: ImportStop
    private var buffer: [UInt8] = []
    /// The position of the next line in the buffer.
    private var start = 0
    private var isAtEnd = false
    private var bytesRead = 0
    private var number = 0

    private static let piece = 1 << 18
    /// The maximum length of a line in bytes. No run is longer, because no page of runs is.
    private static let longestLine = 64 << 20

    /// - Parameter path: `-` for standard input.
    /// - Throws: ``CommandFailure`` if the file cannot be read.
    init(path: String, environment: [String: String], stop: ImportStop) throws(CommandFailure) {
        self.stop = stop
        guard path != "-" else {
            (file, source, size) = (.standardInput, "standard input", nil)
            return
        }
        let expanded = Environment(environment).expandingTilde(path)
        guard let file = FileHandle(forReadingAtPath: expanded) else {
            throw CommandFailure(.noInput, "The file \(expanded) cannot be read: \(String(cString: strerror(errno))).")
        }
        let facts = try? FileManager.default.attributesOfItem(atPath: expanded)
        guard facts?[.type] as? FileAttributeType != .typeDirectory else {
            throw CommandFailure(.noInput, "The file \(expanded) cannot be read: it is a folder.")
        }
        let size = facts?[.size] as? Int ?? 0
        (self.file, source, self.size) = (file, path, size > 0 ? size : nil)
    }

    /// The fraction of the file that has been read, 0 to 1.
    var part: Double? { size.map { Double(bytesRead) / Double($0) } }

    /// Begins again at the first line.
    ///
    /// - Throws: ``CommandFailure`` if lines of a pipe were read: they cannot be read again.
    func rewind() throws(CommandFailure) {
        guard bytesRead > 0 || isAtEnd else { return }
        guard size != nil, (try? file.seek(toOffset: 0)) != nil else {
            throw CommandFailure(
                .dataError, "Lines of \(source) are in the history that was damaged, and cannot be read again.",
                advice: "Run the same command once more: it imports into the new history.")
        }
        (buffer, start, isAtEnd, bytesRead, number) = ([], 0, false, 0, 0)
    }

    /// The next line that is not empty; `nil` at the end.
    ///
    /// - Throws: ``CommandFailure`` if reading fails, or a line is too long; ``ImportStop/Interrupted`` after a signal.
    func next() throws -> Line? {
        while let bytes = try nextLine() {
            number += 1
            guard bytes.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) else { continue }
            return Line(bytes: Array(bytes), number: number, source: source)
        }
        return nil
    }

    private func nextLine() throws -> ArraySlice<UInt8>? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return buffer[start..<end]
            }
            guard !isAtEnd else {
                defer { start = buffer.count }
                return start < buffer.count ? buffer[start...] : nil
            }
            buffer.removeFirst(start)
            (searched, start) = (buffer.count, 0)
            guard buffer.count <= Self.longestLine else {
                throw CommandFailure(
                    .dataError, "Line \(number + 1) of \(source) is longer than \(Self.longestLine >> 20) MiB.")
            }
            try readPiece()
        }
    }

    private func readPiece() throws {
        try stop.beginReading()
        defer { stop.endReading() }
        do {
            let piece = try file.read(upToCount: Self.piece) ?? Data()
            isAtEnd = piece.isEmpty
            bytesRead += piece.count
            buffer += piece
        } catch {
            throw CommandFailure(.ioError, "\(source) cannot be read: \(error.localizedDescription)")
        }
    }
}

/// Shows the progress of a long command on one line of standard error, if that is a terminal.
struct Progress {
    let verb: String
    let noun: String
    let isShown: Bool
    private var shown: ContinuousClock.Instant?

    init(verb: String, noun: String, isShown: Bool) { (self.verb, self.noun, self.isShown) = (verb, noun, isShown) }

    /// - Parameter part: the completed fraction, 0 to 1, if known.
    mutating func show(_ count: Int, part: Double? = nil) {
        let now = ContinuousClock.now
        guard isShown, shown.map({ now - $0 > .milliseconds(100) }) ?? true else { return }
        shown = now
        let percent = part.map { ", \(Int(($0 * 100).rounded(.down)))%" } ?? ""
        Self.write("\r\(verb) \(count) \(noun)\(percent)\u{1B}[K")
    }

    /// Removes the line.
    mutating func end() {
        if shown != nil { Self.clear() }
        shown = nil
    }

    /// Removes a line of progress, if there may be one.
    static func clear() {
        if isatty(STDERR_FILENO) == 1 { write("\r\u{1B}[K") }
    }

    private static func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
