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
