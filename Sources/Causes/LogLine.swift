/// A line of a log, split into its message and its prefix.
struct LogLine {
    enum Level: Int { case debug, information, warning, error, fatal }

    /// The message, without leading and trailing spaces.
    var text: Bytes
    /// The indentation of the message, counted from the end of the prefix.
    var indentation: Int
    /// The log level; `nil` if the line has none.
    var level: Level?
    /// Whether the prefix contains a date, a time or a bracket.
    var isStamped = false

    /// Parses a line.
    init(_ line: Bytes) {
        (text, indentation) = (line.trimmedAtEnd, 0)
        var isPrefixed = false
        // A prefix has only a few parts; a line with more is hostile.
        for _ in 0..<12 {
            let spaces = text.removeSpaces()
            indentation = isPrefixed ? max(spaces - 1, 0) : spaces
            guard removeDecoration() || removeTime() || removeBracket() || removeLevel() || removeSource() else {
                break
            }
            isPrefixed = true
        }
        if level == nil, text.first == UInt8(ascii: "{") { level = Self.levelOfJSON(text) }
        // `main.c:3:8: warning: …`, `psql:load.sql:1: NOTICE:  …`.
        if level == nil, let message = ErrorForm.afterProgram(text) { level = Self.level(atStartOf: message) }
    }

    /// Whether a message begins with a level below an error: `warning: …`.
    static func isMinor(_ message: Bytes) -> Bool {
        level(atStartOf: message).map { $0.rawValue < Level.error.rawValue } ?? false
    }

    private static func level(atStartOf message: Bytes) -> Level? {
        let word = message.prefix { $0.isLetter }
        return message[word.endIndex...].first == UInt8(ascii: ":") ? level(of: word) : nil
    }

    /// The level in a line that is a JSON object: `{"level": "error", …`.
    private static func levelOfJSON(_ text: Bytes) -> Level? {
        let keys =
            ["\"level\"", "\"levelname\"", "\"severity\"", "\"lvl\"", "\"loglevel\"", "\"log.level\""] as [StaticString]
        for key in keys {
            guard let start = text.firstIndex(of: key) else { continue }
            let value = text[(start + key.utf8CodeUnitCount)...].drop { $0.isSpace || ":\"".utf8.contains($0) }
            return level(of: value.prefix { $0.isLetter })
        }
        return nil
    }
}

extension LogLine {
    /// Removes the decoration around a text: the box of Terraform and Rich, the bar of an exception group or of docker
    /// compose, pytest's E, BuildKit's step.
    private mutating func removeDecoration() -> Bool {
        for bar in ["│", "┃", "╷", "╵", "❱", "✖", "✘", "❌", "×", "| ", "E   ", "!!! "] as [StaticString]
        where text.remove(prefix: bar) {
            return true
        }
        // BuildKit: `#8 4.901 ERROR: …`.
        if text.first == UInt8(ascii: "#") {
            let rest = text.dropFirst().drop { $0.isDigit }
            guard rest.startIndex > text.startIndex + 1, rest.first == 0x20 else { return false }
            text = rest
            return true
        }
        // docker compose: `web-1  | ready`.
        let name = text.prefix { $0.isNameByte }
        let rest = text[name.endIndex...].drop { $0 == 0x20 }
        guard !name.isEmpty, name.contains(where: { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }),
            rest.hasPrefix("| ")
        else {
            return false
        }
        text = rest.dropFirst()
        return true
    }

    /// Removes a date, a time of day, seconds, or a syslog timestamp.
    private mutating func removeTime() -> Bool {
        let token = text.prefix { !$0.isSpace }
        let rest = text[token.endIndex...]
        if token.first?.isDigit == true, !rest.isEmpty {
            let isTime = token.allSatisfy { $0.isDigit || "-:/.,TZ+_".utf8.contains($0) }
            let separators = token.count { "-:/".utf8.contains($0) }
            guard isTime, separators >= 2 || (token.contains(UInt8(ascii: ".")) && token.count > 3 && separators == 0)
            else { return false }
            text = rest
            isStamped = true
            _ = text.remove(prefix: " stderr F") || text.remove(prefix: " stdout F")
            return true
        }
        return removeSyslogStamp() || removeKubernetesStamp(token)
    }

    /// Removes a syslog timestamp: `Nov 25 22:30:47 host program[12]:`.
    private mutating func removeSyslogStamp() -> Bool {
        let months =
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as [StaticString]
        guard months.contains(where: { text.hasPrefix($0) }) else { return false }
        var rest = text.dropFirst(3)
        guard rest.removeSpaces() > 0 else { return false }
        let day = rest.prefix { $0.isDigit }
        rest = rest.dropFirst(day.count)
        guard 1...2 ~= day.count, rest.removeSpaces() > 0 else { return false }
        let time = rest.prefix { $0.isDigit || $0 == UInt8(ascii: ":") }
        guard time.count == 8 else { return false }
        rest = rest.dropFirst(8).drop { !$0.isSpace }
        _ = rest.removeSpaces()
        let host = rest.prefix { !$0.isSpace }
        var program = rest.dropFirst(host.count)
        _ = program.removeSpaces()
        let name = program.prefix { !$0.isSpace }
        text = name.last == UInt8(ascii: ":") ? program.dropFirst(name.count) : rest
        isStamped = true
        return true
    }

    /// Removes the prefix of Kubernetes components: `E0512 10:11:12.123456       1 controller.go:12] …`.
    private mutating func removeKubernetesStamp(_ token: Bytes) -> Bool {
        guard token.count == 5, token.dropFirst().allSatisfy({ $0.isDigit }), let letter = token.first,
            "EWIF".utf8.contains(letter), let end = text.prefix(100).firstIndex(of: UInt8(ascii: "]"))
        else { return false }
        level =
            letter == UInt8(ascii: "E")
            ? .error : letter == UInt8(ascii: "F") ? .fatal : letter == UInt8(ascii: "W") ? .warning : .information
        text = text[(end + 1)...]
        isStamped = true
        return true
    }

    /// Removes a time, a level, a thread or a file in brackets, but keeps a Spark error class (`[DIVIDE_BY_ZERO]`).
    private mutating func removeBracket() -> Bool {
        guard let first = text.first else { return false }
        if first == UInt8(ascii: "{") {
            let end = text.prefix(80).firstIndex(of: UInt8(ascii: "}"))
            guard let end, !text[..<end].contains(where: { $0.isSpace || $0 == UInt8(ascii: "\"") }),
                text[(end + 1)...].first == 0x20
            else { return false }
            text = text[(end + 1)...]
            return true
        }
        guard first == UInt8(ascii: "["), let end = text.prefix(120).firstIndex(of: UInt8(ascii: "]")),
            end + 1 < text.endIndex
        else { return false }
        let content = text[(text.startIndex + 1)..<end]
        if let level = Self.level(of: content.filter { !$0.isSpace }[...]) {
            self.level = level
        } else if content.contains(where: { $0.isLowercase }) {
            guard !content.hasPrefix("Errno"), text[(end + 1)...].first?.isSpace == true else { return false }
        } else {
            guard content.allSatisfy({ !$0.isUppercase || "TZ".utf8.contains($0) }),
                content.contains(where: { $0.isDigit })
            else { return false }
        }
        text = text[(end + 1)...]
        isStamped = true
        return true
    }

    /// Removes a level in capital letters, or any level after a timestamp, but keeps one with a colon: an error label.
    private mutating func removeLevel() -> Bool {
        let word = text.prefix { $0.isLetter }
        guard word.count >= 4, let found = Self.level(of: word) else { return false }
        let next = text[word.endIndex...].first
        if next == UInt8(ascii: ":") {
            level = level ?? found
            return false
        }
        let rest = text[word.endIndex...].drop { $0.isSpace }
        guard next?.isSpace == true || next == UInt8(ascii: "|"), rest.first?.isDigit != true || isStamped else {
            return false
        }
        guard isStamped || word.allSatisfy({ $0.isUppercase }) else { return false }
        level = level ?? found
        text = text[word.endIndex...]
        isStamped = true
        return true
    }

    /// Removes a process number, a dash, or the name of a logger between the level and the message.
    private mutating func removeSource() -> Bool {
        guard isStamped else { return false }
        if text.remove(prefix: "- ") || text.remove(prefix: "--- ") || text.remove(prefix: "| ")
            || text.remove(prefix: ": ")
        {
            return true
        }
        guard level != nil else { return false }
        let name = text.prefix { $0.isNameByte || $0 == UInt8(ascii: "/") }
        var rest = text[name.endIndex...]
        guard name.count > 1, rest.first == UInt8(ascii: ":") || rest.first == 0x20 else { return false }
        if name.allSatisfy({ $0.isDigit }) {
            guard rest.hasPrefix(" ---") else { return false }
            text = rest
            return true
        }
        guard !ErrorForm.isErrorName(name), !rest.hasPrefix("://") else { return false }
        _ = rest.removeSpaces()
        guard rest.hasPrefix(": ") || rest.hasPrefix("- ") else { return false }
        text = rest.dropFirst()
        return true
    }

    /// The level that a word names.
    static func level(of word: Bytes) -> Level? {
        guard 3...9 ~= word.count, word.allSatisfy({ $0.isLetter }) else { return nil }
        return switch String(decoding: word, as: UTF8.self).lowercased() {
        case "fatal", "critical", "emerg", "alert", "panic", "crit": .fatal
        case "error", "severe", "err", "erro": .error
        case "warn", "warning": .warning
        case "info", "notice", "config", "inf": .information
        case "debug", "trace", "fine", "finer": .debug
        default: nil
        }
    }
}
