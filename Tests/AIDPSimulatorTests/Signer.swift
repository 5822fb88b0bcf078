import Crypto
import CryptoExtras
import Foundation

@testable import AIDPSimulator

/// A small signer of OCI requests, in which each part can be made wrong.
struct Signer {
    var key: _RSA.Signing.PrivateKey
    var keyID: String
    var date: Date
    var version = "1"
    var algorithm = "rsa-sha256"
    var covered = ["date", "(request-target)", "host"]
    var dateHeader = "date"

    static func registered(at date: Date) throws -> Signer {
        Signer(key: try Keys.user.get(), keyID: try Keys.registered().keyID, date: date)
    }

    /// The same signer, its signatures covering other headers.
    func covering(_ names: [String]) -> Signer {
        var signer = self
        signer.covered = names
        return signer
    }

    /// The headers of a signed request, `host` included.
    func headers(method: String = "GET", target: String, host: String, body: String? = nil) throws -> [String: String] {
        var headers = ["host": host, dateHeader: HTTPDate.text(Milliseconds(clamping: date))]
        if let body {
            headers["content-type"] = "application/json"
            headers["content-length"] = String(body.utf8.count)
            headers["x-content-sha256"] = Data(SHA256.hash(data: Data(body.utf8))).base64EncodedString()
        }
        let names = covered.map { $0 == "date" ? dateHeader : $0 }
        let lines = names.map { name in
            name == "(request-target)"
                ? "(request-target): \(method.lowercased()) \(target)" : "\(name): \(headers[name.lowercased()] ?? "")"
        }
        let signature = try key.signature(
            for: SHA256.hash(data: Data(lines.joined(separator: "\n").utf8)), padding: .insecurePKCS1v1_5)
        headers["authorization"] =
            "Signature version=\"\(version)\",headers=\"\(names.joined(separator: " "))\",keyId=\"\(keyID)\","
            + "algorithm=\"\(algorithm)\",signature=\"\(signature.rawRepresentation.base64EncodedString())\""
        return headers
    }
}
