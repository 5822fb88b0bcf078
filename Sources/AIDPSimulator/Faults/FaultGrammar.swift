/// Faults as text, for `--fault`:
///
///     fault     = kind [ "@" percent "%" ] [ ",for=" operation ]
///     kind      = "429" [ ":" seconds ] | "500" | "status:" code | "slow:" duration | "skew:" duration
///               | "drop" | "malformed" | "half" | "html" | "expired-token" | "wrong-key" | "hang"
///     duration  = number ( "ms" | "s" | "m" )
///     operation = "recentJobRuns", or any other name of ``Operation``
///
/// Examples: `500@20%` fails one request in five, `429:30,for=recentJobRuns` rate-limits one operation, `slow:2s` slows
/// all.
extension Fault {
    /// Reads one fault.
    /// - Throws: ``FaultSyntaxError``, which lists what is allowed.
    public init(_ text: String) throws(FaultSyntaxError) {
        var rest = text[...]
        var operation: Operation?
        if let comma = rest.firstIndex(of: ",") {
            let filter = rest[comma...].dropFirst()
            guard filter.hasPrefix("for="), let named = Operation(rawValue: String(filter.dropFirst(4))) else {
                throw FaultSyntaxError(text: text, reason: "after the comma comes for= and an operation")
            }
            operation = named
            rest = rest[..<comma]
        }
        var probability = 1.0
        if let at = rest.firstIndex(of: "@") {
            let share = rest[at...].dropFirst()
            guard share.last == "%", let percent = Double(share.dropLast()), percent > 0, percent <= 100 else {
                throw FaultSyntaxError(
                    text: text, reason: "after @ comes a percentage above 0 and up to 100, such as 20%")
            }
            probability = percent / 100
            rest = rest[..<at]
        }
        self.init(try Self.effect(rest, in: text), probability: probability, operation: operation)
    }

    private static func effect(_ kind: Substring, in text: String) throws(FaultSyntaxError) -> Effect {
        let sides = kind.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let argument = sides.count > 1 ? sides[1] : nil
        switch (sides[0], argument) {
        case ("429", nil): return .status(429)
        case ("429", let seconds?):
            guard let count = Int(seconds), (0...86_400).contains(count) else {
                throw FaultSyntaxError(text: text, reason: "429: takes the seconds of Retry-After, 0 to 86400")
            }
            return .status(429, retryAfter: count)
        case ("500", nil): return .status(500)
        case ("status", let code?):
            guard let number = Int(code), (200...599).contains(number) else {
                throw FaultSyntaxError(text: text, reason: "status: takes an HTTP status from 200 to 599")
            }
            return .status(number)
        case ("slow", let length?): return .slow(try duration(length, in: text))
        case ("skew", let length?): return .skew(try duration(length, in: text))
        case ("drop", nil): return .drop
        case ("malformed", nil): return .malformed
        case ("half", nil): return .half
        case ("html", nil): return .html
        case ("expired-token", nil): return .expiredToken
        case ("wrong-key", nil): return .wrongKey
        case ("hang", nil): return .hang
        case ("slow", nil), ("skew", nil):
            throw FaultSyntaxError(text: text, reason: "\(kind) needs a duration, such as \(kind):3s")
        default: throw FaultSyntaxError(text: text, reason: "\"\(kind)\" is not a kind of fault")
        }
    }

    private static func duration(_ text: Substring, in whole: String) throws(FaultSyntaxError) -> Duration {
        for (unit, milliseconds) in [("ms", 1.0), ("s", 1_000), ("m", 60_000)] where text.hasSuffix(unit) {
            if let number = Double(text.dropLast(unit.count)), number >= 0, number * milliseconds <= 86_400_000 {
                return .milliseconds(Int64(number * milliseconds))
            }
        }
        throw FaultSyntaxError(text: whole, reason: "a duration is a number with ms, s or m, up to a day, such as 3s")
    }
}

/// A fault that cannot be read.
public struct FaultSyntaxError: Error, Sendable, Equatable, CustomStringConvertible {
    public let text: String
    public let reason: String

    /// What is wrong, and what is allowed.
    public var description: String {
        """
        Cannot read the fault "\(text)": \(reason).
        Kinds: 429, 429:SECONDS, 500, status:CODE, slow:DURATION, skew:DURATION, drop, malformed, half, html, \
        expired-token, wrong-key, hang.
        Each may be followed by @PERCENT% (500@20%) and by ,for=OPERATION (500,for=recentJobRuns).
        Operations: \(Operation.allCases.map(\.rawValue).joined(separator: ", ")).
        """
    }
}
