import Foundation

/// Which jobs are shown: those of one kind of health that match every word of a text, whatever its case.
///
/// A word matches a job
/// - if it occurs in the job's name, its trigger, or who triggered it;
/// - if a word of its status begins with it: `fail` finds `UPSTREAM_FAILED`, `stream` does not;
/// - if the job's key begins with it;
/// - if it contains a slash and occurs in the job's path.
///
/// `!word` matches the jobs that `word` does not.
package struct JobFilter: Hashable, Sendable {
    package enum Focus: String, Hashable, Sendable, CaseIterable {
        case all
        case broken
        case late
        case active
    }

    package var text: String
    package var focus: Focus

    package init(text: String = "", focus: Focus = .all) {
        self.text = text
        self.focus = focus
    }

    package var isEmpty: Bool { focus == .all && text.allSatisfy(\.isWhitespace) }

    /// Whether a job is shown.
    ///
    /// - Parameter statusTexts: the words for the status that the screen shows in the job's row; the service's own word is
    ///   always searched too.
    package func matches(
        _ entry: JobEntry, at now: Date, statusTexts: (JobEntry, JobRun?) -> [String] = { _, _ in [] }
    ) -> Bool {
        guard matchesFocus(entry, at: now) else { return false }
        let words = words
        guard !words.isEmpty else { return true }
        let run = entry.leadingRun(at: now)
        let statuses = (run.map { [$0.status.wireValue] } ?? []) + statusTexts(entry, run)
        return words.allSatisfy { $0.isFound(in: entry, run: run, statuses: statuses) != $0.isExcluded }
    }

    private func matchesFocus(_ entry: JobEntry, at now: Date) -> Bool {
        switch focus {
        case .all: true
        case .broken: entry.health(at: now) == .broken
        case .late: entry.health(at: now) == .late
        case .active: entry.isActive
        }
    }

    private var words: [Word] { text.split(whereSeparator: \.isWhitespace).compactMap(Word.init) }

    private struct Word {
        let text: String
        let isExcluded: Bool

        /// `nil` for a lone `!`, before its word is typed.
        init?(_ word: Substring) {
            isExcluded = word.hasPrefix("!")
            text = String(isExcluded ? word.dropFirst() : word)
            if text.isEmpty { return nil }
        }

        func isFound(in entry: JobEntry, run: JobRun?, statuses: [String]) -> Bool {
            if [entry.name, run?.launch?.wireValue, run?.who].contains(where: { $0.map(isFound) ?? false }) {
                return true
            }
            if entry.job.id.key.range(of: text, options: [.caseInsensitive, .literal, .anchored]) != nil {
                return true
            }
            if text.contains("/"), let path = entry.job.path, isFound(in: path) { return true }
            return statuses.contains(where: beginsWord)
        }

        private func isFound(in field: String) -> Bool {
            field.range(of: text, options: [.caseInsensitive, .literal]) != nil
        }

        /// Whether a word of a status begins with the text: `failed` in `UPSTREAM_FAILED`.
        private func beginsWord(of status: String) -> Bool {
            var searched = status.startIndex..<status.endIndex
            while let found = status.range(of: text, options: [.caseInsensitive, .literal], range: searched) {
                if found.lowerBound == status.startIndex { return true }
                let before = status[status.index(before: found.lowerBound)]
                if !before.isLetter && !before.isNumber { return true }
                searched = status.index(after: found.lowerBound)..<status.endIndex
            }
            return false
        }
    }
}
