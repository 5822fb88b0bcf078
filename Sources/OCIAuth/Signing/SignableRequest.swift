import Foundation

/// What the signature of one attempt covers.
public struct SignableRequest: Sendable {
    /// The HTTP method, upper case.
    public var method: String
    /// The exact path and query that will be sent, percent-encoded once.
    public var target: String
    /// The `host` header: the name, with the port where it is not the scheme's own.
    public var host: String
    /// The moment of the attempt; the service refuses one more than five minutes from its own clock.
    public var date: Date
    /// The body of a POST, PUT or PATCH, and its media type.
    public var body: Body?

    public struct Body: Sendable {
        public var contentType: String
        public var bytes: [UInt8]

        public init(contentType: String, bytes: [UInt8]) {
            self.contentType = contentType
            self.bytes = bytes
        }
    }

    public init(method: String, target: String, host: String, date: Date, body: Body? = nil) {
        self.method = method
        self.target = target
        self.host = host
        self.date = date
        self.body = body
    }
}
