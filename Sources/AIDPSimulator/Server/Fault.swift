/// An injected error, to show how a client handles it.
package struct Fault: Sendable, Equatable {
    package enum Effect: Sendable, Equatable {
        /// An HTTP status with the API's error body; 429 may have a `Retry-After` in seconds.
        case status(Int, retryAfter: Int? = nil)
        /// The correct answer after a delay.
        case slow(Duration)
        /// Half the answer's bytes, then the connection is closed.
        case drop
        /// A complete HTTP answer whose body is not JSON.
        case malformed
        /// A complete HTTP answer with only the first half of the JSON.
        case half
        /// A gateway's HTML page with status 200.
        case html
        /// 401, as for an expired session token.
        case expiredToken
        /// 401, as for a signature with a key that the service does not know.
        case wrongKey
        /// No answer, for up to ten minutes.
        case hang
        /// The service's clock is ahead by this much: `Date` shows it, and above five minutes signatures are rejected.
        case skew(Duration)
    }

    package var effect: Effect
    /// The fraction of requests that it applies to, above 0 and up to 1.
    package var probability: Double
    /// The operation it applies to; `nil` for all.
    package var operation: ServedOperation?

    package init(_ effect: Effect, probability: Double = 1, operation: ServedOperation? = nil) {
        self.effect = effect
        self.probability = probability
        self.operation = operation
    }
}

/// Faults as text, for `--fault`:
///
///     fault     = kind [ "@" percent "%" ] [ ",for=" operation ]
///     kind      = "429" [ ":" seconds ] | "500" | "status:" code | "slow:" duration | "skew:" duration
///               | "drop" | "malformed" | "half" | "html" | "expired-token" | "wrong-key" | "hang"
///     duration  = number ( "ms" | "s" | "m" )
///     operation = "recentJobRuns", or any other raw value or client's name of ``ServedOperation``
///
/// Examples: `500@20%` fails one request in five, `429:30,for=recentJobRuns` rate-limits one operation, `slow:2s` slows
/// all.
extension Fault {
    /// Parses one fault.
    /// - Throws: ``SimulatorError``, which lists the allowed values.
    package init(_ text: String) throws {
        var rest = text[...]
        var operation: ServedOperation?
        if let comma = rest.firstIndex(of: ",") {
            let filter = rest[comma...].dropFirst()
            guard filter.hasPrefix("for=") else {
                throw Self.syntaxError(text, "after the comma comes for= and an operation")
            }
            let name = String(filter.dropFirst(4))
            operation = ServedOperation(named: name)
            guard operation != nil else { throw Self.syntaxError(text, "there is no operation \"\(name)\"") }
            rest = rest[..<comma]
        }
        var probability = 1.0
        if let at = rest.firstIndex(of: "@") {
            let share = rest[at...].dropFirst()
            guard share.last == "%", let percent = Double(share.dropLast()), percent > 0, percent <= 100 else {
                throw Self.syntaxError(
                    text, "after @ comes a percentage above 0 and up to 100, such as 20%")
            }
            probability = percent / 100
            rest = rest[..<at]
        }
        self.init(try Self.effect(rest, in: text), probability: probability, operation: operation)
    }

    private static func effect(_ kind: Substring, in text: String) throws -> Effect {
        let sides = kind.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let argument = sides.count > 1 ? sides[1] : nil
        switch (sides[0], argument) {
        case ("429", nil): return .status(429)
        case ("429", let seconds?):
            guard let count = Int(seconds), (0...86_400).contains(count) else {
                throw syntaxError(text, "429: takes the seconds of Retry-After, 0 to 86400")
            }
            return .status(429, retryAfter: count)
        case ("500", nil): return .status(500)
        case ("status", let code?):
            guard let number = Int(code), (200...599).contains(number) else {
                throw syntaxError(text, "status: takes an HTTP status from 200 to 599")
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
            throw syntaxError(text, "\(kind) needs a duration, such as \(kind):3s")
        default: throw syntaxError(text, "\"\(kind)\" is not a kind of fault")
        }
    }

    private static func duration(_ text: Substring, in whole: String) throws -> Duration {
        for (unit, milliseconds) in [("ms", 1.0), ("s", 1_000), ("m", 60_000)] where text.hasSuffix(unit) {
            if let number = Double(text.dropLast(unit.count)), number >= 0, number * milliseconds <= 86_400_000 {
                return .milliseconds(Int64(number * milliseconds))
            }
        }
        throw syntaxError(whole, "a duration is a number with ms, s or m, up to a day, such as 3s")
    }

    /// An error that quotes the text, and lists the allowed values.
    private static func syntaxError(_ text: String, _ reason: String) -> SimulatorError {
        SimulatorError(
            description: """
                Cannot read the fault "\(text)": \(reason).
                Kinds: 429, 429:SECONDS, 500, status:CODE, slow:DURATION, skew:DURATION, drop, malformed, half, html, \
                expired-token, wrong-key, hang.
                Each may be followed by @PERCENT% (500@20%) and by ,for=OPERATION (500,for=recentJobRuns).
                Operations: \(operationNames).
                """)
    }

    /// The names that `for=` accepts: `recentJobRuns, jobRuns (or listJobRuns), …`.
    package static let operationNames = ServedOperation.allCases
        .map { operation in operation.rawValue + (operation.clientName.map { " (or \($0))" } ?? "") }
        .joined(separator: ", ")
}

/// The faults that apply to one request: delays and clock skews are added up; of the others, the first applies.
struct FaultDraw: Sendable, Equatable {
    var delay: Duration = .zero
    var skew: Milliseconds = 0
    /// The first fault that is neither `slow` nor `skew`.
    var decisive: Fault.Effect?

    /// Draws the faults of one request. The same dice give the same draw.
    init(_ faults: [Fault], operation: ServedOperation?, dice: inout Dice) {
        for fault in faults where fault.operation == nil || fault.operation == operation {
            guard fault.probability >= 1 || dice.chance(fault.probability) else { continue }
            switch fault.effect {
            case .slow(let length): delay += length
            case .skew(let length): skew += Milliseconds(length / .milliseconds(1))
            default: decisive = decisive ?? fault.effect
            }
        }
    }
}
