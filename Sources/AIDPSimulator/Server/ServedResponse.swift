import HTTPTypes
import JSON

/// A complete HTTP response. A fault may still send only a part of it.
struct ServedResponse: Sendable {
    var status = 200
    var contentType = "application/json"
    var fields: [(name: String, value: String)] = []
    var body: [UInt8]

    init(json: [UInt8]) { body = json }

    /// Text of another type, such as `text/plain`.
    init(text: String, type: String = "text/plain") {
        contentType = type + "; charset=utf-8"
        body = Array(text.utf8)
    }

    init(_ reply: SimulatedService.Reply) {
        body = reply.body
        if let next = reply.nextPage { fields.append(("opc-next-page", next)) }
        if let etag = reply.etag { fields.append(("etag", etag)) }
    }

    init(_ error: APIError) {
        status = error.status
        body = error.body
    }

    /// The response of a fault that replaces the normal one, such as a gateway's HTML page; `nil` for faults that only
    /// change or delay it.
    init?(_ effect: Fault.Effect?) {
        switch effect {
        case .status(let code, let retryAfter):
            self.init(
                APIError(status: code, code: Self.code(of: code), message: "The simulator was asked to answer \(code).")
            )
            if let retryAfter { fields.append(("Retry-After", String(retryAfter))) }
            if (300...399).contains(code) { fields.append(("Location", "http://127.0.0.1:9/elsewhere")) }
        case .expiredToken: self.init(.notAuthenticated("The security token has expired."))
        case .wrongKey: self.init(.notAuthenticated("Failed to verify the HTTP(S) Signature"))
        case .html:
            self.init(
                text: """
                    <!DOCTYPE html>
                    <html><head><title>Sign in</title></head><body><h1>Guest network</h1></body></html>

                    """, type: "text/html")
        case .drop, .malformed, .half, .hang, .slow, .skew, nil: return nil
        }
    }

    /// Corrupts the JSON of a normal response, for the faults `half` and `malformed`.
    mutating func corrupt(_ effect: Fault.Effect?) {
        switch effect {
        case .half: body.removeLast(body.count / 2)
        case .malformed: body = body.map { $0 == UInt8(ascii: ":") ? UInt8(ascii: "=") : $0 }
        default: break
        }
    }

    private static func code(of status: Int) -> String {
        switch status {
        case 400: "InvalidParameter"
        case 401: "NotAuthenticated"
        case 404: "NotAuthorizedOrNotFound"
        case 409: "IncorrectState"
        case 429: "TooManyRequests"
        case 503: "ServiceUnavailable"
        default: status >= 500 ? "InternalServerError" : "SimulatedFault"
        }
    }

    /// The head of the response. Page tokens are base64, so that every value is a valid field value.
    func head(date: String, requestID: String) -> HTTPResponse {
        var head = HTTPResponse(status: .init(code: status))
        let all =
            fields + [
                ("Content-Type", contentType), ("Content-Length", String(body.count)), ("Date", date),
                ("opc-request-id", requestID),
            ]
        for (name, value) in all {
            if let name = HTTPField.Name(name) { head.headerFields[name] = value }
        }
        return head
    }
}

/// An error response: the HTTP status and the API's error body `{code, message}`.
struct APIError: Error, Equatable {
    let status: Int
    let code: String
    let message: String

    /// 400: a parameter that is missing, malformed or out of range. The message names it.
    static func invalidParameter(_ message: String) -> APIError {
        APIError(status: 400, code: "InvalidParameter", message: message)
    }

    /// 401: the request does not prove who sent it.
    static func notAuthenticated(_ message: String) -> APIError {
        APIError(status: 401, code: "NotAuthenticated", message: message)
    }

    /// 404: the resource does not exist or the caller may not see it; the service does not say which.
    static let notFound = APIError(
        status: 404, code: "NotAuthorizedOrNotFound", message: "Authorization failed or requested resource not found.")

    /// 405: lists the methods that the path accepts.
    static func methodNotAllowed(_ allowed: [String]) -> APIError {
        APIError(
            status: 405, code: "MethodNotAllowed",
            message: "This path is served by \(allowed.joined(separator: " and ")) only.")
    }

    /// 409: the run is not in a state that allows this.
    static func incorrectState(_ message: String) -> APIError {
        APIError(status: 409, code: "IncorrectState", message: message)
    }

    /// 409: the token was used for another request within a day.
    static let invalidatedRetryToken = APIError(
        status: 409, code: "InvalidatedRetryToken",
        message: "The opc-retry-token was used for another request before. Use a new one.")

    /// 412: the object has changed.
    static let noEtagMatch = APIError(
        status: 412, code: "NoEtagMatch", message: "The if-match header does not match the etag of the run as it is.")

    /// 421: the `Host` header names another service.
    static let misdirected = APIError(
        status: 421, code: "MisdirectedRequest", message: "The Host header names another service.")

    static let bodyTooLarge = APIError(
        status: 413, code: "PayloadTooLarge", message: "The request body exceeds the maximum of 1 MiB.")

    /// 414: the answer of a gateway if a request has too many job keys.
    static func targetTooLong(limit: Int) -> APIError {
        APIError(
            status: 414, code: "RequestURITooLong", message: "The request target exceeds the maximum of \(limit) bytes."
        )
    }

    var body: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("code", code)
            writer.field("message", message)
        }
        return writer.bytes
    }
}

/// `opc-request-id`: the client's part if it sent a valid one, then two parts from the service, joined by `/`.
enum RequestID {
    /// Letters, digits, underscore and dash, at most 128 of them; any other value is replaced with a generated part.
    static func isValid(_ id: String) -> Bool {
        !id.isEmpty && id.utf8.count <= 128
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    static func answer(to client: String?, using random: inout some RandomNumberGenerator) -> String {
        var part: String { (random.next().hex(16) + random.next().hex(16)).uppercased() }
        let first = client.flatMap { isValid($0) ? $0 : nil } ?? part
        return "\(first)/\(part)/\(part)"
    }
}
