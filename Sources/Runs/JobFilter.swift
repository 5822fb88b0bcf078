import Foundation

/// Which jobs to show: those in one group of health that match every word of a text, regardless of case.
///
/// A word matches a job if
/// - it occurs in the job's name, its trigger, or the name of who triggered it;
/// - a word of its status begins with it: `fail` finds `UPSTREAM_FAILED`, `stream` does not;
/// - a verdict on it begins with it: `stuck`, `slow`, `missed`, `flapping`, `failing`;
/// - the job's key begins with it;
/// - it contains a slash and occurs in the job's path.
///
/// `cause:word` and `cause:"some words"` match a broken job if the words occur in the cause of its failure.
/// `!word` matches the jobs that `word` does not match.
package struct JobFilter: Hashable, Sendable {
    package enum Focus: String, Hashable, Sendable, CaseIterable {
        case all
        case broken
        case late
        case flapping
        case active
    }

    package var text: String
    package var focus: Focus
    /// Shows only the jobs with this cause; `nil` shows jobs with any cause or none.
    package var cause: OfCause?

    /// The jobs that are broken with a cause, and those that were when the causes were listed.
    package struct OfCause: Hashable, Sendable {
        package var signature: String
        package var jobs: Set<JobID>

        package init(signature: String, jobs: Set<JobID>) { (self.signature, self.jobs) = (signature, jobs) }

        func matches(_ entry: JobEntry) -> Bool {
            jobs.contains(entry.id) || entry.currentCause?.signature == signature
        }
    }

    package init(text: String = "", focus: Focus = .all, cause: OfCause? = nil) {
        self.text = text
        self.focus = focus
        self.cause = cause
    }

    package var isEmpty: Bool { focus == .all && cause == nil && text.allSatisfy(\.isWhitespace) }

    /// The jobs to show, in their order.
    ///
    /// - Parameter statusTexts: the texts for the status that the job's row shows; the service's own word is always searched
    ///   too.
    package func shown(
        of entries: [JobEntry], at now: Date, statusTexts: (JobEntry, JobRun?) -> [String] = { _, _ in [] }
    ) -> [JobEntry] {
        if isEmpty { return entries }
        let words = Self.words(of: text).compactMap(Word.init)
        return entries.filter { entry in
            guard matchesFocus(entry, at: now), cause?.matches(entry) ?? true else { return false }
            guard !words.isEmpty else { return true }
            let run = entry.leadingRun(at: now)
            return words.allSatisfy { word in
                if word.isOfCause { return word.isFoundInCause(of: entry) != word.isExcluded }
                let isFound =
                    word.isFound(in: entry, run: run, statusTexts: statusTexts)
                    || word.isFoundInVerdicts(on: entry, at: now)
                return isFound != word.isExcluded
            }
        }
    }

    private func matchesFocus(_ entry: JobEntry, at now: Date) -> Bool {
        switch focus {
        case .all: true
        case .broken: entry.health(at: now) == .broken
        case .late: entry.health(at: now) == .late
        case .flapping: entry.verdicts(at: now).contains { $0.kind == .flapping }
        case .active: entry.isActive
        }
    }

    /// Splits a text at spaces; a quoted text after `cause:` is one word.
    private static func words(of text: String) -> [Substring] {
        var words: [Substring] = []
        var rest = text[...]
        while true {
            rest = rest.drop(while: \.isWhitespace)
            guard !rest.isEmpty else { return words }
            var end = rest.firstIndex(where: \.isWhitespace) ?? rest.endIndex
            let word = rest.hasPrefix("!") ? rest.dropFirst() : rest
            let label = word.prefix(Word.causeLabel.count + 1)
            if label.lowercased() == Word.causeLabel + "\"" {
                // The closing quote is missing while the user types.
                end = rest[label.endIndex...].firstIndex(of: "\"").map(rest.index(after:)) ?? rest.endIndex
            }
            words.append(rest[..<end])
            rest = rest[end...]
        }
    }

    private struct Word {
        static let causeLabel = "cause:"

        let text: String
        let isExcluded: Bool
        /// Whether the word searches only causes.
        let isOfCause: Bool
        private let ascii: ASCIIWord?

        /// `nil` for a `!` without a word, while the user types.
        init?(_ word: Substring) {
            isExcluded = word.hasPrefix("!")
            let searched = isExcluded ? word.dropFirst() : word
            isOfCause = searched.lowercased().hasPrefix(Self.causeLabel)
            text =
                isOfCause
                ? String(searched.dropFirst(Self.causeLabel.count)).replacing("\"", with: "") : String(searched)
            ascii = ASCIIWord(text)
            if text.isEmpty { return nil }
        }

        func isFound(in entry: JobEntry, run: JobRun?, statusTexts: (JobEntry, JobRun?) -> [String]) -> Bool {
            if isFound(in: entry.name) || run.map(isFoundInTrigger) == true { return true }
            if isFound(in: entry.job.id.key, atStart: true) { return true }
            if text.contains("/"), let path = entry.job.path, isFound(in: path) { return true }
            if let run, beginsWord(of: run.status.wireValue) { return true }
            return statusTexts(entry, run).contains(where: beginsWord)
        }

        func isFoundInCause(of entry: JobEntry) -> Bool {
            guard let cause = entry.currentCause else { return false }
            return isFound(in: cause.text) || isFound(in: cause.signature)
        }

        func isFoundInVerdicts(on entry: JobEntry, at now: Date) -> Bool {
            entry.verdicts(at: now).contains { beginsWord(of: $0.kind.rawValue) }
        }

        private func isFoundInTrigger(of run: JobRun) -> Bool {
            run.launch.map { isFound(in: $0.wireValue) } == true || run.who.map { isFound(in: $0) } == true
        }

        private func isFound(in field: String, atStart: Bool = false) -> Bool {
            if let found = ascii?.isFound(in: field, where: atStart ? .start : .anywhere) { return found }
            let options: String.CompareOptions = [.caseInsensitive, .literal]
            return field.range(of: text, options: atStart ? options.union(.anchored) : options) != nil
        }

        /// Whether a word of a status begins with the text, as `failed` does in `UPSTREAM_FAILED`.
        private func beginsWord(of status: String) -> Bool {
            if let found = ascii?.isFound(in: status, where: .wordStart) { return found }
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

/// An ASCII word, searched byte by byte for speed: each key press in the filter searches thousands of jobs.
private struct ASCIIWord {
    enum Place {
        case anywhere
        case start
        /// At the start, or after a character that is neither a letter nor a digit.
        case wordStart
    }

    /// The word in lower case.
    private let bytes: [UInt8]

    /// `nil` for a word with non-ASCII characters.
    init?(_ text: String) {
        let bytes = text.utf8.map(\.asciiLowercased)
        guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
        self.bytes = bytes
    }

    /// Whether the word occurs, regardless of case; `nil` for a field with non-ASCII characters, whose case rules differ.
    func isFound(in field: String, where place: Place) -> Bool? {
        var field = field
        return bytes.withUnsafeBufferPointer { word in
            field.withUTF8 { Self.isFound(word, in: $0, where: place) }
        }
    }

    private static func isFound(
        _ word: UnsafeBufferPointer<UInt8>, in field: UnsafeBufferPointer<UInt8>, where place: Place
    ) -> Bool? {
        var start = 0
        while start < field.count {
            guard field[start] < 0x80 else { return nil }
            start += 1
        }
        guard field.count >= word.count else { return false }
        let last = place == .start ? 0 : field.count - word.count
        start = 0
        while start <= last {
            var length = 0
            while length < word.count, field[start + length].asciiLowercased == word[length] { length += 1 }
            if length == word.count, place != .wordStart || start == 0 || !field[start - 1].isASCIIAlphanumeric {
                return true
            }
            start += 1
        }
        return false
    }
}

extension UInt8 {
    fileprivate var asciiLowercased: UInt8 { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= self ? self | 0x20 : self }

    fileprivate var isASCIIAlphanumeric: Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= asciiLowercased || UInt8(ascii: "0")...UInt8(ascii: "9") ~= self
    }
}
