/// What the words of a line say about a failure.
struct Meaning: OptionSet, Hashable, Sendable {
    let rawValue: UInt16

    /// A condition in which a program could not continue: the reason.
    static let state = Meaning(rawValue: 1)
    /// Something failed, without a reason.
    static let failure = Meaning(rawValue: 2)
    /// An end that a program does not report itself: it was killed, or it ran out of memory or time.
    static let death = Meaning(rawValue: 4)
    /// A consequence of a failure that another line names.
    static let consequence = Meaning(rawValue: 8)
    /// A retried attempt, or an ignored failure.
    static let survived = Meaning(rawValue: 16)
    /// Advice, or a reference to more information.
    static let advice = Meaning(rawValue: 32)
    /// The level of a log line in logfmt: `level=error`.
    static let errorLevel = Meaning(rawValue: 64)
    /// A logfmt level below error.
    static let lowLevel = Meaning(rawValue: 128)
    /// That a whole program ended well.
    static let success = Meaning(rawValue: 256)
}

/// Finds the phrases of the table in a line, in one pass over its words. Of the phrases that begin with a word the longest counts.
struct FailurePhrases: Sendable {
    /// The phrases, in lower case, by meaning. Each starts with a word and matches whole words.
    static let table: [(meaning: Meaning, phrases: [String])] = [
        (
            .state,
            [
                // System errors (errno).
                "no such file", "no such host", "no such container", "no such image", "no such service",
                "permission denied", "operation not permitted", "not permitted", "read-only file system",
                "is a directory", "not a directory", "directory not empty", "file exists", "no match", "no matches",
                "no space left",
                "quota exceeded", "too many open files", "broken pipe", "bad address", "device or resource busy",
                "text file busy", "exec format error", "argument list too long", "input/output error",
                "bad interpreter", "cannot allocate memory", "resource temporarily unavailable",
                // Network.
                "connection refused", "connection reset", "connection closed", "connection aborted",
                "connection timed out",
                "refused", "unreachable", "no route to host", "name resolution", "name or service not known",
                "could not resolve", "couldn't resolve", "unable to resolve", "address already in use",
                "certificate", "handshake", "verification failed", "timed out", "timeout", "deadline exceeded",
                "too many requests", "rate limit", "service unavailable", "bad gateway", "unknown host",
                // Permissions and credentials.
                "access denied", "denied", "unauthorized", "forbidden", "not authorized", "authentication failed",
                "authorization failed", "insufficient", "invalid credentials", "expired", "not logged in",
                "no basic auth",
                // Missing or existing objects.
                "command not found", "not found", "notfound", "do not exist", "does not", "doesn't",
                "no module named",
                "no matching", "not defined", "undefined", "undeclared", "unbound", "unresolved", "unset",
                "not declared",
                "is missing", "missing", "nonexistent", "not installed", "already exists", "duplicate", "still in use",
                "in use",
                "no such", "not recognized", "unrecognized", "unknown", "unsupported", "not supported",
                "no rule to make target",
                "no default value", "not set", "is required", "are required", "field required",
                "authentication required", "has no", "there is no", "is down", "not on path", "not available",
                "could not find", "couldn't find", "cannot find",
                "unable to find", "unable to locate", "out of range", "out of bounds", "not initialized",
                // Invalid values or texts.
                "invalid", "malformed", "syntax error", "parse error", "unexpected", "mismatch", "mismatched",
                "must be",
                "must not", "must have", "do not match", "did not match", "expected",
                "not allowed", "ambiguous", "incompatible", "incorrect", "illegal", "violate", "violates", "violated",
                "constraint failed",
                "unterminated", "unclosed", "divide by zero", "division by zero", "overflow", "underflow", "too large",
                "too long", "too many", "too big", "exceeds", "exceeded", "exceeding", "corrupt", "corrupted",
                "truncated",
                "deadlock", "deadlocked", "is locked", "can't decode", "cannot be", "can't be", "not valid", "is not a",
                "not in", "can't locate",
                "conflict", "conflicts", "conflicting", "cyclic", "circular", "cycle", "never closed", "unhealthy",
                "null value", "nil value", "wrong number", "no longer", "not null", "returned error",
                "unable to extend",
            ]
        ),
        (
            .death,
            [
                "oomkilled", "oom-kill", "out of memory", "outofmemory", "java heap space", "gc overhead limit",
                "killed process",
                "memory limit", "memory limits", "memory cgroup out of memory", "segmentation fault",
                "bus error",
                "killed", "sending signal", "sigterm", "sigint", "received signal", "sigkill", "evicted", "preempted",
                "due to time limit",
                "time limit", "walltime",
                "low on resource",
                // 128 and the number of the signal: killed, segmentation fault.
                "exit code 137", "exit code: 137", "exit status 137", "exit status: 137", "exited with code 137",
                "exit code 139", "exit code: 139", "exit status 139", "exit status: 139", "exited with code 139",
                "alarm clock", "illegal instruction", "stack overflow", "stack level too deep", "double free",
                "panicked at",
            ]
        ),
        (
            .failure,
            [
                "failed", "fails", "fail", "failure", "failing", "cannot", "can't", "can not", "could not", "couldn't",
                "unable",
                "error", "errors", "failures", "fatal", "exception", "errimagepull", "imagepullbackoff",
                "errimageneverpull",
                "failedscheduling", "failedmount",
                "createcontainerconfigerror", "runcontainererror", "aborted", "cancelled", "canceled", "rejected",
                "terminated", "broken",
                "interrupted", "did not", "isn't", "won't",
            ]
        ),
        (
            .consequence,
            [
                "exit code", "exit status", "exitcode", "exit-code", "exited with", "exited abnormally", "exited due",
                "return code", "returned non-zero", "returned nonzero", "non-zero exit", "nonzero exit",
                "non-zero code", "non-zero status", "did not complete successfully", "didn't exit successfully",
                "code=exited",
                "process completed with", "terminated with", "finished with", "ended with",
                "failed with errors", "failed with result", "failed with status",
                "failed with code",
                "command failed", "task failed", "job failed", "run failed", "build failed", "step failed",
                "stage failed", "tests failed", "test failed",
                "pipeline failed", "script failed", "marking task as", "mark as failed", "marked as failed",
                "job aborted", "stage failure",
                "lost executor", "executorlostfailure", "exited caused by", "elifecycle", "lifecycle script",
                "a complete log of this run",
                "current transaction is aborted", "previous error", "previous errors", "could not compile",
                "due to previous",
                "due to errors", "error is not recoverable", "exiting now", "execution halted", "aborting", "giving up",
                "back-off", "backoff", "crashloopbackoff", "restarting failed", "restart count",
                "could not read from remote", "no such process", "completed with", "errors occurred",
                "failures occurred", "not run",
                "skipped", "skipping", "upstream", "upstream_failed", "dependency failed", "errors during",
                "shutting down", "shutdown",
                "remote end hung up", "unexpected eof", "closing connection", "cleanup", "rolled back",
                "rolling back", "stopping", "is being killed", "wait for completion", "see above", "retries exhausted",
                "were not transferred", "errors were found", "error occurred at recursive",
                "cascading", "make: *** [", "failed to push some refs", "npm error code", "npm error errno",
                "npm error syscall", "npm error path", "npm err! code", "npm err! errno", "npm err! syscall",
                "npm err! path", "an error occurred while", "error encountered", "stopped by", "core dumped",
                "stopped sparkcontext",
                "already closed", "has been closed",
                "has been stopped", "done.", "unrecoverable exception", "uncaught exception in thread",
                "failed to start", "operation was canceled", "operation was cancelled", "error creating sql",
                "state: terminated",
                "application run failed", "uncaught and unrecoverable",
            ]
        ),
        (
            .survived,
            [
                "retry", "retrying", "retried", "will be retried", "will retry", "trying again", "attempt", "ignored",
                "ignoring", "falling back",
                "fallback", "using default", "continuing", "deprecated", "deprecation", "up_for_retry",
                "starting full parse", "picked up java_tool_options", "picked up _java_options",
            ]
        ),
        (
            .advice,
            [
                "hint", "use `", "use -", "help", "tip", "try", "please", "you can", "you may", "you might",
                "make sure", "check that",
                "check whether", "for more information",
                "for more details", "more info", "see the", "see also", "see https", "usage", "did you mean",
                "perhaps you", "rerun", "re-run",
                "run with", "use --", "consider", "note", "refer to", "documentation", "read more", "learn more",
                "to fix",
                "to address", "ensure that", "run `", "detailed logs",
            ]
        ),
        (
            .success,
            [
                "succeeded", "success", "passed", "completed successfully", "finished successfully",
            ]
        ),
        (
            // What means none of these, although a part of it would.
            [],
            [
                "attempt to", "attempted to",
            ]
        ),
        (
            .errorLevel,
            [
                "level=error", "level=fatal", "level=critical", "level=panic", "lvl=error", "lvl=eror",
            ]
        ),
        (
            .lowLevel,
            [
                "level=info", "level=debug", "level=warn", "level=warning", "lvl=info", "lvl=warn",
            ]
        ),
    ]

    static let shared = FailurePhrases()

    private struct Phrase {
        let bytes: [UInt8]
        let meaning: Meaning
    }

    /// The phrases by the hash of their first word.
    private var phrases: [UInt64: [Phrase]] = [:]

    private init() {
        for (meaning, texts) in Self.table {
            for text in texts {
                let bytes = Array(text.utf8)
                phrases[Self.hash(Self.word(at: 0, of: bytes[...])), default: []].append(
                    Phrase(bytes: bytes, meaning: meaning))
            }
        }
        for word in phrases.keys { phrases[word]?.sort { $0.bytes.count > $1.bytes.count } }
    }

    /// What the phrases in a text mean, all together. A line that says what follows from a failure may give the reason before it
    /// (`secret not found; skipping the pod`), or quote it after a colon (`Job aborted: No space left on device`). It then names the
    /// cause.
    func meaning(of text: Bytes) -> Meaning {
        var (meaning, givesReasonFirst) = plainMeaning(of: text)
        guard meaning.contains(.consequence) else { return meaning }
        if givesReasonFirst || quotesReason(text) { meaning.remove(.consequence) }
        return meaning
    }

    /// Whether a text gives a reason after one of its last colons.
    private func quotesReason(_ text: Bytes) -> Bool {
        var rest = text
        for _ in 0..<Self.mostColons {
            guard let colon = rest.lastIndex(of: UInt8(ascii: ":")) else { return false }
            rest = rest[..<colon]
            guard text[colon...].hasPrefix(": ") else { continue }
            let quoted = plainMeaning(of: text[(colon + 1)...]).meaning
            if quoted.contains(.consequence) { return false }
            if !quoted.isDisjoint(with: [.state, .death]) { return true }
        }
        return false
    }

    /// The most colons at the end of a line after which a reason is looked for.
    private static let mostColons = 8

    private func plainMeaning(of text: Bytes) -> (meaning: Meaning, givesReasonFirst: Bool) {
        var (found, givesReasonFirst): (Meaning, Bool) = ([], false)
        var (start, words) = (text.startIndex, 0)
        var before: Bytes = []
        while start < text.endIndex {
            guard text[start].isLetter || text[start].isDigit else {
                start += 1
                continue
            }
            let word = Self.word(at: start, of: text)
            // Advice is only recognised at the start of a line; a reason may end with some.
            let phrase = phrases[Self.hash(word)]?.first { phrase in
                (phrase.meaning != .advice || words == 0) && text[start...].hasPrefixInAnyCase(phrase.bytes)
                    && Self.isBoundary(start + phrase.bytes.count, after: start, in: text)
            }
            if let phrase {
                let end = start + phrase.bytes.count
                let isNone = phrase.meaning == .failure && Self.isNone(before, of: text, from: start, to: end)
                if phrase.meaning == .consequence, found.isDisjoint(with: [.consequence]) {
                    givesReasonFirst = !found.isDisjoint(with: [.state, .death])
                }
                let isDenied = phrase.meaning == .success && Self.isFalse(text[end...])
                found.insert(isNone ? .survived : isDenied ? .failure : phrase.meaning)
            }
            (before, start) = (word, word.endIndex)
            words += 1
        }
        return (found, givesReasonFirst)
    }

    /// Whether a failure is counted as none, or denied: `0 errors`, `no failures`, `failed=0`.
    private static func isNone(_ word: Bytes, of text: Bytes, from start: Int, to end: Int) -> Bool {
        let denials = ["0", "no", "without"]
        if word.endIndex + 1 == start, denials.contains(where: { word.map(\.lowercased).elementsEqual($0.utf8) }),
            word.startIndex == text.startIndex || text[word.startIndex - 1].isSpace
        {
            return true
        }
        guard let sign = text[end...].first, ":=".utf8.contains(sign) else { return false }
        let count = text[(end + 1)...].drop { $0.isSpace }
        return count.first == UInt8(ascii: "0")
            && count.dropFirst().first.map { $0.isSpace || ",;)".utf8.contains($0) } ?? true
    }

    /// Whether the value after a name is false: `success=False`, `"success": false`.
    private static func isFalse(_ rest: Bytes) -> Bool {
        let value = rest.prefix(6).drop { $0.isSpace || "\"':=".utf8.contains($0) }
        return value.startIndex > rest.startIndex && rest[value.startIndex...].hasPrefixInAnyCase(Array("false".utf8))
    }

    /// Whether a phrase ends at `end` and is not part of a name, such as `error.log`, `no-error`, `timeout=5` or `a/error`.
    private static func isBoundary(_ end: Int, after start: Int, in text: Bytes) -> Bool {
        if start > text.startIndex, "._-/".utf8.contains(text[start - 1]) { return false }
        guard end < text.endIndex, text[end - 1].isWordByte else { return true }
        if text[end].isWordByte || "_-/".utf8.contains(text[end]) { return false }
        return text[end] != UInt8(ascii: ".") || end + 1 == text.endIndex || !text[end + 1].isWordByte
    }

    private static func word(at start: Int, of text: Bytes) -> Bytes { text[start...].prefix { $0.isWordByte } }

    /// The FNV-1a hash of the word in lower case.
    private static func hash(_ word: Bytes) -> UInt64 {
        word.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1.lowercased)) &* 0x0000_0100_0000_01b3 }
    }
}
