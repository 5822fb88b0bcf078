import Foundation

/// Which jobs are shown: those with the words of a text, and of one kind of health.
///
/// A job is shown when each word is found, whatever its case, in what the row shows: the job's name, its trigger or who
/// triggered it; or when one of its status's words begins with it, so that `stream` does not find `UPSTREAM_FAILED`.
/// A word may also be the start of the job's key. A word with a slash is looked for in the job's path, which no row shows.
/// A word after `!` must not be found.
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
    /// - Parameter statusTexts: how the screen writes the status of the run a row shows, or what stands in its place;
    ///   besides the service's own word, which is always looked at.
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

        /// `nil` for a lone `!`: more is about to be typed.
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

        /// Whether a word of a status begins so: `failed` in `UPSTREAM_FAILED`.
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
