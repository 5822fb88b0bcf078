/// Reads a log line by line, and collects the lines that may name its cause.
///
/// It follows chains of exceptions: each trace has one candidate, its root.
struct TraceReader {
    /// The link between two chained Python exceptions.
    private enum Link {
        /// `raise … from …`: the previous exception is the cause.
        case cause
        /// Raised while the previous exception was handled.
        case context
    }

    /// A started Python traceback.
    private struct Traceback {
        let indentation: Int
        /// The exception's class, if a notebook names it above the traceback.
        let className: [UInt8]
    }

    private(set) var candidates: [Candidate] = []
    private var traceback: Traceback?
    private var link: Link?
    /// The candidate of the current trace, whether its message says much, and whether its class is a general one.
    private var trace: (index: Int, isTelling: Bool, isGeneral: Bool)?
    /// The indentation of a `Suppressed:` exception: its causes are not the causes of the trace.
    private var suppressed: Int?
    /// The previous line: if the first frame follows it, it is an exception, whatever its name.
    private var previous: (line: Int, text: Bytes, level: LogLine.Level?)?
    /// The number of the exception in its group, from 1.
    private var leaf = 0
    private var group = 0
    private var hasGap = false
    /// The state of the list of causes below a line with only `Caused by:`, as Rust programs print it.
    private var causeList: CauseList?

    private enum CauseList { case announced, begun }

    mutating func read(_ bytes: Bytes, number: Int) {
        let line = LogLine(bytes)
        guard !line.text.isEmpty else {
            if causeList == .begun { causeList = nil }
            return
        }
        switch FrameForm(line.text) {
        case .java: return readFrame()
        case .python, .other:
            previous = nil
            return
        case nil: break
        }
        if beginTraceback(line) || readLink(line.text)
            || readCauseList(line, isIndented: bytes.first?.isSpace == true, number: number)
        {
            return
        }
        if readTracebackLine(line, number: number) { return }
        if readException(line, number: number) || readMessage(line, number: number) {
            previous = nil
        } else {
            hasGap = true
            previous = (number, line.text, line.level)
        }
    }

    // MARK: - Python

    private mutating func beginTraceback(_ line: LogLine) -> Bool {
        let (text, title) = (line.text, "Traceback (most recent call last)" as StaticString)
        guard text.hasSuffix(title) || text.hasSuffix("Traceback (most recent call last):"),
            let start = text.firstIndex(of: title)
        else { return false }
        let before = line.text[..<start].trimmedAtEnd
        traceback = Traceback(indentation: line.indentation, className: Array(before.prefix { $0.isNameByte }))
        if link == nil, !isJavaHead(before) { trace = nil }
        previous = nil
        return true
    }

    /// `org.apache.spark.api.python.PythonException: Traceback …`: the traceback that follows is the cause of a Java trace.
    private func isJavaHead(_ before: Bytes) -> Bool { before.contains(": ") || before.hasSuffix(":") }

    private mutating func readLink(_ text: Bytes) -> Bool {
        if text.hasPrefix("The above exception was the direct cause") {
            link = .cause
        } else if text.hasPrefix("During handling of the above exception") {
            link = .context
        } else if text.first == UInt8(ascii: "+"), text.dropFirst().hasPrefix("-") {
            // `+---------------- 2 ----------------` between the exceptions of a group.
            if text.contains(where: { $0.isDigit }) { leaf += 1 } else { leaf = 0 }
            traceback = nil
        } else {
            return false
        }
        return true
    }

    /// Reads a line of a traceback; returns whether it was one.
    private mutating func readTracebackLine(_ line: LogLine, number: Int) -> Bool {
        guard let traceback else { return false }
        guard line.indentation <= traceback.indentation else { return true }
        guard let exception = ErrorForm.anyException(line.text) else { return false }
        if !traceback.className.isEmpty, traceback.className.last?.isLetter == true,
            !isJavaHead(traceback.className[...])
        {
            guard exception.name.hasSuffix(of: traceback.className) else { return false }
        }
        self.traceback = nil
        add(exception, of: line, number: number)
        return true
    }

    private mutating func add(_ exception: ErrorForm, of line: LogLine, number: Int) {
        let meaning = FailurePhrases.shared.meaning(of: line.text)
        var score = Candidate.score(exception, meaning: meaning, level: line.level, inTrace: true)
        if exception.name.hasSuffix("ExceptionGroup") { score -= 12 }
        if leaf > 1 { score -= 1 }
        let isTelling = exception.isTelling && !meaning.contains(.consequence)
        let candidate = Candidate(line: number, score: score, isTrace: true)
        defer {
            link = nil
            previous = nil
        }
        if let trace, link != nil || isNested(exception) {
            let keeps =
                switch link {
                case .cause: trace.isTelling
                case .context: trace.isTelling && !isTelling
                case nil: !trace.isGeneral && exception.message.isEmpty && !exception.name.hasPrefix("java.lang.")
                }
            if !keeps {
                let isOwn = link != nil || meaning.contains(.consequence)
                let best = max(candidates[trace.index].score, score)
                candidates[trace.index] = Candidate(line: number, score: isOwn ? score : best, isTrace: true)
                self.trace = (trace.index, isTelling, exception.isGeneral)
            }
            return
        }
        candidates.append(candidate)
        trace = (candidates.count - 1, isTelling, exception.isGeneral)
    }

    /// Whether the exception ends a traceback inside another trace.
    private func isNested(_ exception: ErrorForm) -> Bool { trace != nil }

    // MARK: - Java, and other languages with the same frame format

    /// Makes the line before the first frame an exception, whatever its name.
    private mutating func readFrame() {
        guard let above = previous else { return }
        previous = nil
        guard let exception = ErrorForm.anyException(above.text), !exception.message.isEmpty else { return }
        var line = LogLine(above.text)
        line.level = above.level
        add(exception, of: line, number: above.line)
    }

    /// Reads a line that starts with an exception; returns whether it was one.
    private mutating func readException(_ line: LogLine, number: Int) -> Bool {
        var (text, isCause) = (line.text, false)
        if text.remove(prefix: "Suppressed: ") {
            suppressed = line.indentation
            return true
        }
        if text.remove(prefix: "Caused by: ") || text.remove(prefix: "[cause]: ") {
            if let suppressed, suppressed > 0, line.indentation >= suppressed { return true }
            isCause = true
        }
        suppressed = nil
        var isUncaught = false
        if text.remove(prefix: "Exception in thread \"") {
            // Without the closing quote, the line was cut before the exception.
            guard let end = text.firstIndex(of: "\"") else { return true }
            text = text[(end + 1)...].drop { $0.isSpace }
            isUncaught = true
        }
        for prefix in ["Uncaught ", "Unhandled exception. ", "Unhandled exception: "] as [StaticString]
        where text.remove(prefix: prefix) {
            isUncaught = true
        }
        // Py4J prints the Java exception after a colon.
        let isOfPy4J = text.remove(prefix: ": ")
        let form = ErrorForm.exception(text) ?? (isCause ? ErrorForm.anyException(text) ?? .unnamed(text) : nil)
        guard let exception = form else { return false }
        var read = line
        read.text = text
        if isCause || isOfPy4J, trace != nil {
            link = nil
            add(exception, of: read, number: number)
        } else {
            let meaning = FailurePhrases.shared.meaning(of: text)
            var score = Candidate.score(exception, meaning: meaning, level: line.level, inTrace: isUncaught || isCause)
            if leaf > 1 { score -= 1 }
            if Self.embedsException(exception.message) { score = max(score, 50) }
            candidates.append(Candidate(line: number, score: score, isTrace: true))
            trace = (candidates.count - 1, exception.isTelling, exception.isGeneral)
        }
        if exception.message.hasSuffix("Traceback (most recent call last):") {
            traceback = Traceback(indentation: line.indentation, className: [])
        }
        return true
    }

    /// Whether a message quotes another exception: `… Lost task 0.0: java.lang.NullPointerException: …`.
    private static func embedsException(_ message: Bytes) -> Bool {
        message.contains("Exception: ") || message.contains("Error: ")
    }

    /// Reads `Caused by:` and the lines below it, the last of which is the root; returns whether it was one of these.
    private mutating func readCauseList(_ line: LogLine, isIndented: Bool, number: Int) -> Bool {
        if line.text.elementsEqual("Caused by:".utf8) {
            causeList = .announced
            return true
        }
        guard causeList != nil else { return false }
        guard isIndented || line.indentation > 0 else {
            causeList = nil
            return false
        }
        causeList = .begun
        let numbered = line.text.drop { $0.isDigit }
        let isNumbered = numbered.startIndex > line.text.startIndex && numbered.hasPrefix(": ")
        let text = isNumbered ? numbered.dropFirst(2) : line.text
        let form = ErrorForm.unnamed(text)
        let score = Candidate.score(form, meaning: FailurePhrases.shared.meaning(of: text), level: line.level)
        candidates.append(Candidate(line: number, score: score, isTrace: true))
        return true
    }

    // MARK: - Messages

    private mutating func readMessage(_ line: LogLine, number: Int) -> Bool {
        // `FAIL<tab>package<tab>0.002s`: Go names the test and the reason before.
        guard !line.text.isCode, !line.text.isHeadOfTable, !line.text.hasPrefix("FAIL\t") else { return false }
        let form = ErrorForm(line.text)
        var meaning = FailurePhrases.shared.meaning(of: line.text)
        // The name of a program is no reason: `timeout: …`.
        if form.form == .program, !FailurePhrases.shared.meaning(of: form.message).contains(.state) {
            meaning.remove(.state)
        }
        let isLogged = (line.level?.rawValue ?? 0) >= LogLine.Level.error.rawValue
        let isTold = [.label, .code, .field].contains(form.form) || isLogged
        guard !meaning.isEmpty || isTold || form.form == .program && ErrorForm.beginsWithPlace(line.text) else {
            return false
        }
        let score = Candidate.score(form, meaning: meaning, level: line.level)
        guard score >= Candidate.threshold else { return false }
        if hasGap { group += 1 }
        hasGap = false
        candidates.append(Candidate(line: number, score: score, isTrace: false, group: group))
        return true
    }
}

extension ErrorForm {
    /// Whether the class of an exception gives no information: Java uses it for any error, or it only wraps another one.
    var isGeneral: Bool {
        name.hasPrefix("java.lang.") || name.hasPrefix("java.util.concurrent.ExecutionException")
            || name.hasPrefix("java.util.concurrent.CompletionException") || name.hasSuffix("Py4JJavaError")
    }

    /// Whether the message of an exception is more than a key or a number.
    var isTelling: Bool { message.count { $0.isSpace } >= 1 }
}

extension Bytes {
    /// Whether a line is a command that a shell repeats, or source code, which a compiler numbers: `12 | int error;`.
    var isCode: Bool {
        let number = prefix { $0.isDigit }
        if !number.isEmpty, self[number.endIndex...].hasPrefix(" |") { return true }
        let starts =
            [
                "+ ", "++ ", "$ ", "raise ", "throw ", "except ", "return ", "echo ", "print(", "logger.",
                "log.", "if ", "import ", "from ",
            ] as [StaticString]
        return starts.contains { hasPrefix($0) }
    }

    /// Whether a line has only the titles of columns: `NAME    STATUS    ERROR`.
    var isHeadOfTable: Bool {
        allSatisfy { $0.isUppercase || $0 == 0x20 || "-_()".utf8.contains($0) }
            && split(separator: 0x20).count > 2 && contains("   ")
    }

    /// Whether this name equals, or ends with, the other one without its package.
    fileprivate func hasSuffix(of name: [UInt8]) -> Bool {
        let simple = name.split(separator: UInt8(ascii: ".")).last ?? []
        return suffix(simple.count).elementsEqual(simple)
    }
}
