import Foundation

/// Which jobs are shown: a text, typed as one goes, and a kind of health.
///
/// The text is words; a job is shown when each is found, whatever its case, in its name, path, key, newest status, or
/// who triggered it. A word after `!` must not be found.
public struct JobFilter: Hashable, Sendable {
    public enum Focus: String, Hashable, Sendable, CaseIterable {
        case all
        case broken
        case late
        case running
    }

    public var text: String
    public var focus: Focus

    public init(text: String = "", focus: Focus = .all) {
        self.text = text
        self.focus = focus
    }

    public var isEmpty: Bool { focus == .all && text.allSatisfy(\.isWhitespace) }

    public func matches(_ entry: JobEntry, at now: Date) -> Bool {
        matchesFocus(entry, at: now) && words.allSatisfy { $0.matches(entry) }
    }

    private func matchesFocus(_ entry: JobEntry, at now: Date) -> Bool {
        switch focus {
        case .all: true
        case .broken: entry.health(at: now) == .broken
        case .late: entry.health(at: now) == .late
        case .running: entry.runs.contains(where: \.status.isActive)
        }
    }

    private var words: [Word] { text.split(whereSeparator: \.isWhitespace).compactMap(Word.init) }

    private struct Word {
        let text: String
        let isExcluded: Bool

        /// `nil` for a lone `!`: more is about to be typed.
        init?(_ word: Substring) {
            isExcluded = word.hasPrefix("!")
            text = String(isExcluded ? word.dropFirst() : word)
            if text.isEmpty { return nil }
        }

        func matches(_ entry: JobEntry) -> Bool {
            let fields = [
                entry.name, entry.job.path, entry.job.key.rawValue, entry.latest?.status.wireValue,
                entry.latest?.createdByName, entry.latest?.launch?.wireValue,
            ]
            let isFound = fields.contains { $0?.range(of: text, options: [.caseInsensitive, .literal]) != nil }
            return isFound != isExcluded
        }
    }
}
