import Crypto
import Foundation

/// Where a page begins, and the moment of the list's first page. Later pages show the world as it was at that moment, so
/// a list has no gaps or duplicates even if runs change while the client reads it.
struct PageStart: Sendable, Equatable {
    let moment: Milliseconds
    let offset: Int
}

/// Makes page tokens and accepts only those. Each token has an HMAC over the request it belongs to, so a made-up token, or
/// one sent with other parameters, is refused. Tokens are base64 with `+`, `/` and `=` on purpose: a client that does not
/// percent-encode them fails here, before it fails in production.
struct PageTokens: Sendable {
    private let secret: SymmetricKey

    init(seed: UInt64) {
        secret = SymmetricKey(data: SHA256.hash(data: Data("page tokens \(seed)".utf8)))
    }

    func token(for start: PageStart, of request: String) -> String {
        let payload = bytes(start)
        return (payload + seal(payload, request)).base64EncodedString()
    }

    func start(of token: String, for request: String) throws(Refusal) -> PageStart {
        guard let data = Data(base64Encoded: token), data.count == 28, data.suffix(16) == seal(data.prefix(12), request)
        else {
            throw .invalidParameter("page must be an opc-next-page token of this same request, unchanged.")
        }
        let moment = data.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let offset = data.dropFirst(8).prefix(4).reduce(0) { $0 << 8 | Int($1) }
        return PageStart(moment: Milliseconds(clamping: moment), offset: offset)
    }

    private func bytes(_ start: PageStart) -> Data {
        let moment = UInt64(clamping: start.moment)
        let offset = UInt32(clamping: start.offset)
        return Data((0..<8).map { UInt8(truncatingIfNeeded: moment >> (56 - 8 * $0)) })
            + Data((0..<4).map { UInt8(truncatingIfNeeded: offset >> (24 - 8 * $0)) })
    }

    private func seal(_ payload: Data, _ request: String) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: payload + Data(request.utf8), using: secret)).prefix(16)
    }
}
