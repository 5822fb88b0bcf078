import HTTP
import JSON

/// The code and message in the body of a failed response, which may be the documented `Error` object or anything else.
struct ErrorBody: Sendable, Equatable {
    var code: String?
    var message: String

    /// The maximum length of a message, in characters.
    static let longestMessage = 500
    private static let longestCode = 80
    private static let longestExcerpt = 200

    init(_ body: [UInt8]) {
        guard let value = try? JSONParser.parse(body), case .object = value else {
            message = Self.notJSON(body) ?? "the answer is not the service's JSON: \(Self.excerpt(body))"
            return
        }
        if case .string(let text) = value["code"], !text.isEmpty { code = text.onOneLine.bounded(to: Self.longestCode) }
        if case .string(let text) = value["message"], !text.isEmpty {
            message = text.bounded(to: Self.longestMessage).onOneLine
        } else {
            message = code == nil ? "the answer gives no reason: \(Self.excerpt(body))" : "the service gives no message"
        }
    }

    /// Describes a body that cannot come from the service: an empty one or an HTML page. `nil` for any other body.
    static func notJSON(_ body: [UInt8]) -> String? {
        let start = String(decoding: body.prefix(2000), as: UTF8.self)
        guard let first = start.first(where: { !$0.isWhitespace }) else { return "the answer is empty" }
        guard first == "<" else { return nil }
        let sentence = "the answer is HTML, not the service's JSON (a proxy or login page?)"
        guard let title = title(of: start) else { return sentence }
        return "\(sentence): \(title)"
    }

    /// The text of the page's `title`.
    private static func title(of page: String) -> String? {
        guard let open = page.firstRange(of: /<(?i:title)[^>]*>/) else { return nil }
        let title = page[open.upperBound...].prefix { $0 != "<" }.onOneLine.bounded(to: 80)
        return title.isEmpty ? nil : title
    }

    private static func excerpt(_ body: [UInt8]) -> String {
        String(decoding: body.prefix(4 * longestExcerpt), as: UTF8.self).onOneLine.bounded(to: longestExcerpt)
    }
}
