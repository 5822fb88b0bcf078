/// A line that may name the cause, with a score.
struct Candidate {
    let line: Int
    var score: Int
    /// Whether it belongs to a stack trace. Of equal traces the last one counts: the program survived the others. Of equal
    /// messages the first of the last group counts: a failing program prints the reason first, then the consequences.
    let isTrace: Bool
    /// The number of its group of adjacent messages.
    var group = 0

    /// A line with a lower score is no candidate.
    static let threshold = 20

    /// The score of a form, without the words.
    static func score(_ form: ErrorForm.Form) -> Int {
        switch form {
        case .code: 64
        case .exception: 60
        case .label: 50
        case .field: 48
        case .program, .refusal: 28
        case .sentence: 4
        }
    }

    /// The score of a line, by its form, its words and its log level.
    ///
    /// - Parameter inTrace: whether it is an exception with stack frames.
    static func score(_ form: ErrorForm, meaning: Meaning, level: LogLine.Level?, inTrace: Bool = false) -> Int {
        var score = score(form.form)
        if form.onlyLocates { return threshold }
        if inTrace { score += 10 }
        if form.carriesCode { score += 8 }
        if meaning.contains(.state) { score += 26 } else if meaning.contains(.failure) { score += 18 }
        // The class identifies an exception; the words add little.
        if form.form == .exception || form.form == .code {
            score -= meaning.isDisjoint(with: [.state, .failure]) ? 0 : 18
        }
        if form.form == .label || form.form == .field {
            score -= meaning.isDisjoint(with: [.state, .failure]) ? 0 : 16
        }
        if meaning.contains(.death) { score += 22 }
        // `The load failed` says no more than the state of the run.
        if form.form == .sentence, meaning == .failure, form.message.hasSuffix(" failed") { score -= 4 }
        switch level {
        case .fatal: score += form.form == .sentence ? 24 : 2
        case .error: score += form.form == .sentence ? 20 : 0
        case .warning: score -= form.form == .exception || form.form == .label ? 20 : 28
        case .information, .debug: score -= 26
        case nil: break
        }
        if meaning.contains(.errorLevel) { score += 24 }
        if meaning.contains(.lowLevel) { score -= 24 }
        if meaning.contains(.survived) { score -= 36 }
        if meaning == .success, form.form == .field || form.form == .program { score -= 36 }
        if meaning.contains(.advice), form.form != .exception, form.form != .code { score -= 14 }
        if meaning.contains(.consequence), !meaning.contains(.death) {
            // An exception is better than nothing; a sentence that only says that something ended is not.
            score = form.form == .exception ? min(score, 27) : min(score - 30, threshold - 1)
        }
        return score
    }

    /// Whether this line is a better cause than the other, which may be before or after it.
    func isBetter(than other: Candidate) -> Bool {
        if score != other.score { return score > other.score }
        if isTrace || other.isTrace { return isTrace == other.isTrace ? line > other.line : isTrace }
        return group != other.group ? group > other.group : line < other.line
    }
}
