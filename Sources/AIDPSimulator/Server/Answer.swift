import HTTPTypes

/// A complete HTTP answer. A fault may still send only a part of it.
struct Answer: Sendable {
    var status: Int
    var contentType = "application/json"
    var fields: [(name: String, value: String)] = []
    var body: [UInt8]

    init(_ reply: Service.Reply) {
        status = 200
        body = reply.body
        if let next = reply.nextPage { fields.append(("opc-next-page", next)) }
        if let etag = reply.etag { fields.append(("etag", etag)) }
    }

    /// The metadata service's plain text.
    init(text: String) {
        status = 200
        contentType = "text/plain; charset=utf-8"
        body = Array(text.utf8)
    }

    /// The identity service's JSON.
    init(json: [UInt8]) {
        status = 200
        body = json
    }

    init(_ refusal: Refusal) {
        status = refusal.status
        body = refusal.body
    }

    /// A gateway's HTML page instead of the service's answer.
    init(html page: String) {
        status = 200
        contentType = "text/html; charset=utf-8"
        body = Array(page.utf8)
    }

    /// The answer of a fault that replaces the normal answer; `nil` for faults that change or delay it.
    init?(_ effect: Fault.Effect?) {
        switch effect {
        case .status(let code, let retryAfter):
            self.init(
                Refusal(status: code, code: Self.code(of: code), message: "The simulator was asked to answer \(code)."))
            if let retryAfter { fields.append(("Retry-After", String(retryAfter))) }
            if (300...399).contains(code) { fields.append(("Location", "http://127.0.0.1:9/elsewhere")) }
        case .expiredToken: self.init(.notAuthenticated("The security token has expired."))
        case .wrongKey: self.init(.notAuthenticated("Failed to verify the HTTP(S) Signature"))
        case .html:
            self.init(
                html:
                    "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><h1>Guest network</h1></body></html>\n"
            )
        case .drop, .malformed, .half, .hang, .slow, .skew, nil: return nil
        }
    }

    /// Corrupts the JSON of a normal answer, for the faults `half` and `malformed`.
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

    /// The head of the response. Page tokens are base64, so every value is a valid field value.
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
