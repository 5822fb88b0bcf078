/// The line of a log or an error trace that names the cause of the failure.
package struct Cause: Hashable, Sendable {
    /// The language, engine or system whose error format the line has.
    package enum Kind: String, Sendable, CaseIterable {
        case python, java, spark, oracle, sql, dbt, shell, container, kubernetes, scheduler, node, go, rust, message
    }

    /// The line's index in the text, from 0.
    package let line: Int
    /// The line without its log prefix, as a person would quote it.
    package let text: String
    package let kind: Kind

    package init(line: Int, text: String, kind: Kind) { (self.line, self.text, self.kind) = (line, text, kind) }

    /// The number of bytes that are read of each line: names, labels and codes are near its start.
    static let longestLine = 1000

    /// Finds the cause that a log names; `nil` if no line does.
    ///
    /// It takes time proportional to the size of the text, and reads the first thousand bytes of each line.
    ///
    /// - Parameter lines: plain text, without escape sequences.
    package static func find(in lines: [some StringProtocol]) -> Cause? {
        var reader = TraceReader()
        for (number, line) in lines.enumerated() { reader.read(bytes(of: line), number: number) }
        if endsWell(lines) { return nil }
        guard var best = reader.candidates.first else { return nil }
        for candidate in reader.candidates.dropFirst() where candidate.isBetter(than: best) { best = candidate }
        guard best.score >= Candidate.threshold else { return nil }
        let number = Announcement.detail(of: best.line, in: lines)
        let text = LogLine(bytes(of: lines[number])).text
        return Cause(line: number, text: text.string, kind: Kind(of: number, in: lines))
    }

    /// Whether the last line says that it all succeeded: what went wrong before was survived.
    private static func endsWell(_ lines: [some StringProtocol]) -> Bool {
        guard let last = lines.last(where: { line in line.utf8.contains { !$0.isSpace } }) else { return false }
        let text = LogLine(bytes(of: last)).text
        let meaning = FailurePhrases.shared.meaning(of: text)
        return meaning.contains(.success) && meaning.isDisjoint(with: [.state, .failure, .death, .consequence])
            && ErrorForm(text).form != .exception
    }

    static func bytes(of line: some StringProtocol) -> Bytes { Bytes(line.utf8.prefix(longestLine)) }
}
