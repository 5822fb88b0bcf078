import Foundation
import Runs
import Screen

/// The output of one of the user's own commands, while it arrives.
struct OwnCommandView: Hashable, Sendable {
    let call: OwnCommandCall
    let began: Date
    private(set) var output = OwnCommandOutput()
    private(set) var end: OwnCommandEnd?
    private(set) var ended: Date?
    /// Whether the command was asked to end.
    var isStopping = false
    var pager = Pager(wraps: true)
    /// The text on the screen, from the last `arrange()`.
    private(set) var document = Document()
    private var isOutdated = true

    init(_ call: OwnCommandCall, at now: Date) {
        self.call = call
        began = now
    }

    var isRunning: Bool { end == nil }

    mutating func append(_ bytes: [UInt8]) {
        output.append(bytes)
        isOutdated = true
    }

    mutating func finish(_ end: OwnCommandEnd, at now: Date) {
        self.end = end
        ended = now
        isOutdated = true
    }

    /// Lays the text out for a part of the screen of this size. If the end was visible, it stays visible.
    mutating func show(in size: Size, at now: Date) {
        let before = layout(in: size)
        let followed = document.count == 0 || pager.top >= before.lastTop
        if isOutdated || isRunning {
            var header = DocumentLine(text: "$ " + call.line, role: .title)
            header.wraps = true
            var lines = [header]
            if output.linesLeftOut > 0 {
                let limit: SafeText =
                    "\(OwnCommandOutput.mostBytes / 1_000_000) MB and \(OwnCommandOutput.mostLines) lines"
                lines.append(
                    DocumentLine(
                        text: "[\(output.linesLeftOut) lines left out here: the last \(limit) are kept]",
                        role: .late))
            }
            lines += output.lines.map { DocumentLine(text: $0) }
            let role: Role = end.map { $0.isFailure ? .broken : .quiet } ?? .running
            lines.append(DocumentLine(text: standing(at: now), role: role))
            document = Document(lines)
            isOutdated = false
        }
        let layout = layout(in: size)
        if followed { pager.top = layout.lastTop } else { pager.clamp(to: layout) }
        pager.lastLine = pager.bottom(in: layout).line
    }

    func layout(in size: Size) -> PagerLayout { PagerLayout(document, size: size, wraps: pager.wraps) }

    /// The state: running, or how it ended.
    private func standing(at now: Date) -> SafeText {
        guard let end, let ended else {
            let time = TimeText.duration(Duration(from: began, to: now))
            return isStopping
                ? "[asked to end; Esc ends it by force]" : "[running for \(time); Esc or ^C ends it]"
        }
        return "[" + end.words + " after \(TimeText.duration(Duration(from: began, to: ended)))]"
    }

    /// All kept lines, for the clipboard or a file.
    var text: String { output.lines.map(\.plainText).joined(separator: "\n") }
}

/// The last megabytes of a program's output, as safe lines.
struct OwnCommandOutput: Hashable, Sendable {
    /// The most bytes kept.
    static let mostBytes = 5_000_000
    static let mostLines = 50_000
    /// Longer lines are split.
    static let longestLine = 65_536

    private var whole: [SafeText] = []
    private var sizes: [Int] = []
    private var bytes = 0
    /// The output after the last line end.
    private var rest: [UInt8] = []
    /// The number of lines dropped at the start.
    private(set) var linesLeftOut = 0

    /// The kept lines, including the unfinished last one.
    var lines: [SafeText] { rest.isEmpty ? whole : whole + [Self.line(rest[...])] }

    mutating func append(_ new: [UInt8]) {
        rest += new
        var start = rest.startIndex
        while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
            add(rest[start..<end])
            start = end + 1
        }
        while rest.endIndex - start > Self.longestLine {
            add(rest[start..<start + Self.longestLine])
            start += Self.longestLine
        }
        rest.removeSubrange(..<start)
        drop()
    }

    private mutating func add(_ line: ArraySlice<UInt8>) {
        whole.append(Self.line(line))
        sizes.append(line.count + 1)
        bytes += line.count + 1
    }

    private static func line(_ bytes: ArraySlice<UInt8>) -> SafeText {
        SafeText.lines(ofTerminalOutput: String(decoding: bytes, as: UTF8.self)).first ?? ""
    }

    /// Drops lines at the start, a tenth of all at once, because dropping moves all others.
    private mutating func drop() {
        guard bytes > Self.mostBytes || sizes.count > Self.mostLines else { return }
        var count = 0
        while count < sizes.count, bytes > Self.mostBytes * 9 / 10 || sizes.count - count > Self.mostLines * 9 / 10 {
            bytes -= sizes[count]
            count += 1
        }
        whole.removeFirst(count)
        sizes.removeFirst(count)
        linesLeftOut += count
    }
}

/// How one of the user's own commands ended.
package enum OwnCommandEnd: Hashable, Sendable {
    case exited(Int32)
    case signalled(String)
    case notStarted(reason: String)
    case notPermitted(reason: String)

    var isFailure: Bool { self != .exited(0) }

    var words: SafeText {
        switch self {
        case .exited(let status): "ended with status \(status)"
        case .signalled(let name): "ended by \(name)"
        case .notStarted(let reason): "could not be started: \(reason)"
        case .notPermitted(let reason): SafeText(reason)
        }
    }
}
