/// An answer that says no: the HTTP status and the API's error body `{code, message}`.
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

    /// 404: no such thing, or not for you; the service does not say which.
    static let notFound = Refusal(
        status: 404, code: "NotAuthorizedOrNotFound", message: "Authorization failed or requested resource not found.")

    static let methodNotAllowed = Refusal(
        status: 405, code: "MethodNotAllowed", message: "The simulator serves this path by GET only.")

    static let bodyTooLarge = Refusal(
        status: 413, code: "PayloadTooLarge", message: "The request body exceeds the maximum of 1 MiB.")

    /// 414: what a gateway does to a request for too many job keys at once.
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
