/// The format in which a line names an error.
struct ErrorForm {
    enum Form {
        /// `java.io.IOException: …`, `KeyError: 'id'`.
        case exception
        /// `ORA-00942: …`, `[DIVIDE_BY_ZERO] …`, `ERROR 1146 (42S02) …`: the code identifies the error.
        case code
        /// `error: …`, `psql: FATAL: …`, `Error response from daemon: …`.
        case label
        /// `Reason: OOMKilled`, `"message": "…"`: a field of an error report.
        case field
        /// `tar: x.tgz: Cannot open`: a message of a program, without a label.
        case program
        /// `Could not open …`, `Failed to pull …`: a sentence that starts with a negation.
        case refusal
        /// Any other line; its words decide.
        case sentence
    }

    let form: Form
    /// The name of the exception; empty for the other forms.
    var name: Bytes = []
    /// The text after the name or the label.
    var message: Bytes

    /// Parses the text of a line.
    init(_ text: Bytes) {
        if let exception = Self.exception(text) {
            self = exception
        } else if Self.beginsWithCode(text) {
            self.init(form: .code, message: text)
        } else if let message = Self.afterLabel(text) {
            self.init(form: .label, message: message)
        } else if let message = Self.afterField(text) {
            self.init(form: .field, message: message)
        } else if let message = Self.afterProgram(text), !LogLine.isMinor(message) {
            self.init(form: .program, message: message)
        } else if Self.beginsWithRefusal(text) {
            self.init(form: .refusal, message: text)
        } else {
            self.init(form: .sentence, message: text)
        }
    }

    private init(form: Form, name: Bytes = [], message: Bytes) {
        (self.form, self.name, self.message) = (form, name, message)
    }
}

extension ErrorForm {
    /// The exception with its message; `nil` if the line does not start with one.
    static func exception(_ text: Bytes) -> ErrorForm? {
        let name = name(atStartOf: text)
        guard isErrorName(name) || name.hasSuffix("Group"), let message = message(after: name, in: text) else {
            return nil
        }
        // `error: …` is a label. The name of a class has a capital letter or a package.
        guard name.first?.isUppercase == true || name.contains(UInt8(ascii: ".")) else { return nil }
        if LogLine.level(of: name) != nil { return nil }
        return ErrorForm(form: .exception, name: name, message: message)
    }

    /// The exception that ends a traceback: its name need not look like an error.
    static func anyException(_ text: Bytes) -> ErrorForm? {
        let name = name(atStartOf: text)
        guard name.contains(where: \.isLetter), let message = message(after: name, in: text) else { return nil }
        guard name.first?.isUppercase == true || name.dropFirst().contains(UInt8(ascii: ".")) else { return nil }
        return ErrorForm(form: .exception, name: name, message: message)
    }

    private static func name(atStartOf text: Bytes) -> Bytes {
        text.prefix { $0.isWordByte || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "$") }
    }

    /// The text after a name: `: …`, ` [CODE]: …`, ` (…)`, or nothing. `nil` if a sentence follows.
    private static func message(after name: Bytes, in text: Bytes) -> Bytes? {
        let rest = text[name.endIndex...]
        switch rest.first {
        case nil: return rest
        case UInt8(ascii: ":"):
            let message = rest.dropFirst()
            return message.isEmpty || message.first?.isSpace == true ? message.drop { $0.isSpace } : nil
        case UInt8(ascii: "("): return rest.last == UInt8(ascii: ")") ? rest : nil
        case 0x20 where rest.hasPrefix(" [") || rest.hasPrefix(" ("):
            return rest.contains("]: ") || rest.hasPrefix(" (") ? rest.dropFirst() : nil
        default: return nil
        }
    }

    /// Whether the last part of a name shows that it is an error.
    static func isErrorName(_ name: Bytes) -> Bool {
        guard let last = name.last, last.isLetter || last.isDigit, name.count >= 4 else { return false }
        let endings =
            [
                "Error", "Exception", "Failure", "Fault", "Interrupt", "Exit", "Timeout", "error", "Throwable",
                "Invalid", "NotFound",
            ] as [StaticString]
        let whole = name.last?.isDigit == true ? Bytes(name.reversed().drop { $0.isDigit }.reversed()) : name
        return endings.contains { whole.hasSuffix($0) }
    }

    /// `ORA-00942: …`, `[DIVIDE_BY_ZERO] …`, `ERROR 1146 (42S02) …`.
    private static func beginsWithCode(_ text: Bytes) -> Bool {
        if text.first == UInt8(ascii: "[") {
            guard let end = text.prefix(120).firstIndex(of: UInt8(ascii: "]")), text[(end + 1)...].hasPrefix(" ") else {
                return false
            }
            let name = text[(text.startIndex + 1)..<end]
            return name.contains(UInt8(ascii: "_")) && name.first?.isUppercase == true
                && name.allSatisfy {
                    $0.isUppercase || $0.isDigit || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
                }
        }
        if text.hasPrefix("ERROR ") || text.hasPrefix("SQLSTATE") || text.hasPrefix("Msg ") {
            return text.dropFirst(4).prefix(12).contains { $0.isDigit }
        }
        let letters = text.prefix { $0.isUppercase || $0 == UInt8(ascii: "2") }
        guard 2...5 ~= letters.count, text[letters.endIndex...].first == UInt8(ascii: "-") else { return false }
        let digits = text[(letters.endIndex + 1)...].prefix { $0.isDigit }
        return 4...6 ~= digits.count
            && text[digits.endIndex...].first == UInt8(ascii: ":")
    }

    /// The text after the label of an error: a word such as `error` near the start, and a colon shortly after it.
    private static func afterLabel(_ text: Bytes) -> Bytes? {
        var start = text.startIndex
        let limit = min(text.startIndex + 80, text.endIndex)
        while start < limit {
            guard text[start].isLetter else {
                start += 1
                continue
            }
            let word = text[start...].prefix { $0.isWordByte || $0 == UInt8(ascii: ".") }
            if isLabel(word) {
                let rest = text[word.endIndex...]
                let colon = rest.prefix(90).indices.first {
                    rest[$0] == UInt8(ascii: ":") && ($0 + 1 == text.endIndex || rest[$0 + 1].isSpace)
                }
                if let colon { return text[(colon + 1)...].drop { $0.isSpace } }
            }
            start = word.endIndex
        }
        if let message = afterEvent(text) { return message }
        if let test = afterResult(text) { return test }
        if Announcement.isHeadOfDbt(text) { return text }
        if text.hasPrefix("E: ") { return text.dropFirst(3) }
        for tool in ["npm ERR! ", "npm error ", "error ", "Error "] as [StaticString] where text.hasPrefix(tool) {
            return text.dropFirst(tool.utf8CodeUnitCount)
        }
        return nil
    }

    /// The name of a test, after the word that it failed.
    static func afterResult(_ text: Bytes) -> Bytes? {
        let results =
            ["FAIL ", "FAIL: ", "--- FAIL: ", "[FAIL] ", "FAILED ", "not ok ", "Failure in "] as [StaticString]
        for result in results where text.hasPrefix(result) {
            return text.dropFirst(result.utf8CodeUnitCount)
        }
        return nil
    }

    /// The message of a Kubernetes event: `Warning  FailedScheduling  12s  default-scheduler  0/3 nodes are available`.
    private static func afterEvent(_ text: Bytes) -> Bytes? {
        let event = text.hasPrefix("Warning  ") ? text.dropFirst(7).drop { $0.isSpace } : text
        let reason = event.prefix { $0.isLetter }
        guard event[reason.endIndex...].hasPrefix("  "), reason.first?.isUppercase == true,
            reason.contains(where: { $0.isLowercase }),
            event.startIndex > text.startIndex || reason.hasPrefix("Failed") || reason.hasPrefix("Err")
        else { return nil }
        return event[reason.endIndex...].drop { $0.isSpace }
    }

    /// Whether it is an Oracle code that only says where or that an error happened; the error has its own line.
    var onlyLocates: Bool {
        let codes =
            [
                "ORA-06512", "ORA-00604", "ORA-04088", "ORA-12801", "ORA-29913", "ORA-29400", "ORA-02063", "ORA-39002",
                "ORA-39070",
            ] as [StaticString]
        return form == .code && codes.contains { message.hasPrefix($0) }
    }

    /// Whether the message begins with a code: `DatabaseError: ORA-00942: …`.
    var carriesCode: Bool { form == .exception && Self.beginsWithCode(message) }

    /// An exception without a name, as some programs print it after `Caused by:`.
    static func unnamed(_ text: Bytes) -> ErrorForm { ErrorForm(form: .exception, message: text) }

    private static func isLabel(_ word: Bytes) -> Bool {
        // `SystemExit: 2` is an exception, `Exit Code: 137` is not.
        if isErrorName(word) { return !word.elementsEqual("Exit".utf8) }
        guard 3...9 ~= word.count else { return false }
        return switch word.map(\.lowercased) {
        case Array("error".utf8), Array("fatal".utf8), Array("panic".utf8), Array("err".utf8), Array("exception".utf8),
            Array("severe".utf8),
            Array("critical".utf8), Array("failure".utf8):
            true
        default: false
        }
    }

    /// The text after the name of a field with the reason of a failure.
    private static func afterField(_ text: Bytes) -> Bytes? {
        let bare = text.drop {
            $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: "-") || $0 == 0x20
        }
        let name = bare.prefix {
            $0.isLetter || $0 == UInt8(ascii: "(") || $0 == UInt8(ascii: ")") || $0 == UInt8(ascii: "_")
        }
        var rest = bare[name.endIndex...].drop { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
        guard rest.remove(prefix: ":") else { return nil }
        let names = [
            "reason", "message", "msg", "cause", "detail", "details", "errormessage", "error_message", "what()",
            "statusreason",
        ]
        guard names.contains(where: { name.count == $0.utf8.count && name.hasPrefixInAnyCase(Array($0.utf8)) }) else {
            return nil
        }
        let message = rest.drop { $0.isSpace || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
        // `Reason: Error` contains no information.
        let isTelling =
            message.contains(0x20)
            || !FailurePhrases.shared.meaning(of: message).isDisjoint(with: [.state, .death])
        return isTelling ? message : nil
    }

    /// Whether a line starts with the name of a program, or with a label in its place: `tar: …`, `error: …`.
    static func isOfProgram(_ text: Bytes) -> Bool { afterProgram(text) != nil }

    private static func beginsWithRefusal(_ text: Bytes) -> Bool {
        let starts =
            [
                "Could not ", "Couldn't ", "Cannot ", "Can't ", "Unable to ", "Failed to ", "failed to ", "cannot ",
                "could not ",
            ] as [StaticString]
        return starts.contains { text.hasPrefix($0) }
    }

    /// A line without the text before the name of an exception: `Caused by:`, a Java thread, Py4J's colon.
    static func withoutLead(_ text: Bytes) -> Bytes {
        var text = text
        let leads =
            ["Caused by: ", "[cause]: ", "Uncaught ", "Unhandled exception. ", "Unhandled exception: ", ": "]
            as [StaticString]
        for lead in leads where text.remove(prefix: lead) { return text }
        if text.remove(prefix: "Exception in thread \""), let end = text.firstIndex(of: "\"") {
            return text[(end + 1)...].drop { $0.isSpace }
        }
        return text
    }

    /// What follows the name of a program, or a place in a file: `tar: …`, `./load.sh: line 3: …`, `main.c:3:8: …`.
    static func afterProgram(_ text: Bytes) -> Bytes? {
        let name = text.prefix { $0.isNameByte || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "+") }
        var rest = text[name.endIndex...]
        while rest.first == UInt8(ascii: ":"), rest.dropFirst().first?.isNameByte == true {
            rest = rest.dropFirst().drop { $0.isNameByte }
        }
        guard let first = name.first,
            first.isLowercase || first == UInt8(ascii: "/") || first == UInt8(ascii: ".") || first == UInt8(ascii: "-"),
            rest.hasPrefix(": ")
        else { return nil }
        return rest.dropFirst(2)
    }

    /// Whether a text begins with a place in a source file, as a compiler writes it: `main.go:2:8: …`.
    static func beginsWithPlace(_ text: Bytes) -> Bool {
        let parts = text.prefix { !$0.isSpace }.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 4, parts[3].isEmpty, parts[0].contains(UInt8(ascii: ".")) else { return false }
        return parts[0].contains(where: \.isLetter)
            && parts[1...2].allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isDigit) }
    }
}
