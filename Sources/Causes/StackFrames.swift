/// Whose code a stack frame is in.
package enum FrameOwner: Hashable, Sendable {
    /// The user's.
    case own
    /// The language's, an engine's or a library's.
    case framework
}

/// The stack frames of a trace.
package enum StackFrames {
    /// The runs of lines that are only frames of frameworks, each at least two lines: a reader may skip them.
    package static func foldable(in lines: [some StringProtocol]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start: Int?
        for (index, line) in lines.enumerated() {
            if owner(ofFrame: line) == .framework {
                start = start ?? index
            } else if let first = start {
                if index - first > 1 { runs.append(first..<index) }
                start = nil
            }
        }
        if let first = start, lines.count - first > 1 { runs.append(first..<lines.count) }
        return runs
    }

    /// Whose frame a line is; `nil` when it is none.
    package static func owner(ofFrame line: some StringProtocol) -> FrameOwner? {
        let text = line.drop { $0 == " " || $0 == "\t" }
        guard text.hasPrefix("at ") else { return nil }
        let frameworks = ["java.", "javax.", "jdk.", "sun.", "scala.", "org.apache.", "py4j."]
        return frameworks.contains { text.dropFirst(3).hasPrefix($0) } ? .framework : .own
    }
}
