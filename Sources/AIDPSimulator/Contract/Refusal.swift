/// An error response: the HTTP status and the API's error body `{code, message}`.
struct Refusal: Error, Equatable {
    let status: Int
    let code: String
    let message: String

    /// 400: a parameter that is missing, malformed or out of range. The message names it.
    static func invalidParameter(_ message: String) -> Refusal {
        Refusal(status: 400, code: "InvalidParameter", message: message)
    }

    /// 401: the request does not prove who sent it.
    static func notAuthenticated(_ message: String) -> Refusal {
        Refusal(status: 401, code: "NotAuthenticated", message: message)
    }

    /// 404: the resource does not exist or the caller may not see it; the service does not say which.
    static let notFound = Refusal(
        status: 404, code: "NotAuthorizedOrNotFound", message: "Authorization failed or requested resource not found.")

    /// 405: lists the methods that the path accepts.
    static func methodNotAllowed(_ allowed: [String]) -> Refusal {
        Refusal(
            status: 405, code: "MethodNotAllowed",
            message: "This path is served by \(allowed.joined(separator: " and ")) only.")
    }

    /// 409: the run is not in a state that allows this.
    static func incorrectState(_ message: String) -> Refusal {
        Refusal(status: 409, code: "IncorrectState", message: message)
    }

    /// 409: the token was used for another request within a day.
    static let invalidatedRetryToken = Refusal(
        status: 409, code: "InvalidatedRetryToken",
        message: "The opc-retry-token was used for another request before. Use a new one.")

    /// 412: the object has changed since.
    static let noEtagMatch = Refusal(
        status: 412, code: "NoEtagMatch", message: "The if-match header does not match the etag of the run as it is.")

    /// 421: the `Host` header names another service.
    static let misdirected = Refusal(
        status: 421, code: "MisdirectedRequest", message: "The Host header names another service.")

    static let bodyTooLarge = Refusal(
        status: 413, code: "PayloadTooLarge", message: "The request body exceeds the maximum of 1 MiB.")

    /// 414: as a gateway answers when a request names too many job keys.
    static func targetTooLong(limit: Int) -> Refusal {
        Refusal(
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
