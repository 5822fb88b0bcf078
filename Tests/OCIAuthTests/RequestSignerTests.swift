import Crypto
import CryptoExtras
import Foundation
import Testing

@testable import OCIAuth

@Suite struct RequestSignerTests {
    static let names = [
        "docs-get", "recent-one", "recent-multi-page", "recent-no-query", "session-token", "explicit-port",
    ]

    /// The parameters of an Authorization header. Their order has no meaning.
    private func parameters(_ authorization: String) -> [String: String] {
        let pairs = authorization.dropFirst("Signature ".count).split(separator: "\",").map { pair in
            pair.split(separator: "=\"", maxSplits: 1).map { String($0.trimmingPrefix("\"").trimmingSuffix("\"")) }
        }
        return Dictionary(uniqueKeysWithValues: pairs.map { ($0[0], $0.count > 1 ? $0[1] : "") })
    }

    @Test("string, signature and header equal those of the official signer's test vectors", arguments: names)
    func vector(_ name: String) throws {
        let vectors = try SigningVectors.read()
        let vector = try #require(vectors.cases.first { $0.name == name })
        let signer = RequestSigner(keyID: vector.keyId, key: try vectors.key())
        let covered = RequestSigner.coveredHeaders(of: vector.request, date: vector.date)
        #expect(RequestSigner.signingString(of: covered) == vector.signingString)
        let ours = parameters(try signer.authorization(covering: covered))
        #expect(ours == parameters(vector.authorization))
        #expect(ours["signature"] == vector.signature)
    }

    @Test("all test vectors have a test")
    func everyVector() throws {
        #expect(try SigningVectors.read().cases.map(\.name) == Self.names)
    }

    private func signer() throws -> RequestSigner {
        let pem = try PrivateKeyPEM(try Fixture.key("rsa-pkcs8"), source: "key")
        return RequestSigner(keyID: "t/u/f", key: try pem.signingKey(passPhrase: nil))
    }

    @Test("a GET has three headers and the authorization, in the documented order")
    func headersOfGet() throws {
        let date = Date(timeIntervalSince1970: 1_777_638_896)
        let request = SignableRequest(method: "GET", target: "/a?b=c%2F", host: "h:8443", date: date)
        let headers = try signer().headers(signing: request)
        #expect(headers.map(\.name) == ["date", "host", "authorization"])
        #expect(headers[0].value == "Fri, 01 May 2026 12:34:56 GMT")
        #expect(headers[1].value == "h:8443")
        #expect(
            headers[2].value.hasPrefix(
                #"Signature version="1",headers="date (request-target) host",keyId="t/u/f",algorithm="rsa-sha256",signature=""#
            ))
    }

    @Test("the length, type and digest of a body are signed too", arguments: ["POST", "PUT", "PATCH"])
    func body(_ method: String) throws {
        let body = SignableRequest.Body(contentType: "application/json", bytes: Array(#"{"jobKey":"a"}"#.utf8))
        let request = SignableRequest(method: method, target: "/", host: "h", date: .distantPast, body: body)
        let covered = RequestSigner.coveredHeaders(of: request, date: "D")
        #expect(
            RequestSigner.signingString(of: covered) == """
                date: D
                (request-target): \(method.lowercased()) /
                host: h
                content-length: 14
                content-type: application/json
                x-content-sha256: 30z6Cb1iY/nbiDxltfhyceYu1zkLazXyh3pYadc2VtQ=
                """)
        let names = try signer().headers(signing: request).map(\.name)
        #expect(names == ["date", "host", "content-length", "content-type", "x-content-sha256", "authorization"])
    }

    @Test("a POST is signed like the official signer's")
    func officialPost() throws {
        // Created with oci 2.189 and rsa-pkcs1.pem: the test vectors have no request with a body.
        let official = """
            K019UquclkXkyB4eqTK0T0IeM+WgTZhOtXu96D6ps0b+Cl+HMM0yM+qfMxwMzsMeP+2OkqMP/gsHTzVqJD5fhwA0nj44AFOqIhTpyDHB\
            YxCG+LL2Sg4r6Wf/gOATKMbBGViL97ypC6RI3w4QqpxSUXpL4qPVd0kAiGGI8Pz9eyGOxFtHE+6KkOIVLh+5KaxRy6rnlQTNsmipFjc9\
            ho2KxfSTQiorBF6G+nllS9XMMT3qgAcEFuDt/x5mCryU1lqGTCS1MU7tCQtd7Bw6soX+qiNz/N05+T0Dq7KS/cIp6REaqd7vwPOkOnkg\
            Cv6GRLNFWtvKT7TLOl+Hu7t1eGeafQ==
            """
        let request = SignableRequest(
            method: "POST", target: "/20260430/a%2Fb/actions/fetchOutput", host: "h:8443",
            date: Date(timeIntervalSince1970: 1_777_638_896),
            body: .init(contentType: "application/json", bytes: Array(#"{"outputKey":"a"}"#.utf8)))
        let headers = try signer().headers(signing: request)
        #expect(try parameters(#require(headers.last).value)["signature"] == official)
    }

    @Test("a POST without a body signs an empty body")
    func emptyBody() {
        let request = SignableRequest(method: "POST", target: "/", host: "h", date: .distantPast)
        let covered = RequestSigner.coveredHeaders(of: request, date: "D")
        #expect(covered[3].value == "0")
        #expect(covered[5].value == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
    }

    @Test("the signature verifies with the public key")
    func verifies() throws {
        let covered = [(name: "date", value: "D")]
        let parameters = parameters(try signer().authorization(covering: covered))
        let signature = try #require(parameters["signature"].flatMap { Data(base64Encoded: $0) })
        let publicKey = try _RSA.Signing.PublicKey(pemRepresentation: Fixture.keyText("rsa-public"))
        let isValid = { (message: String) in
            publicKey.isValidSignature(
                .init(rawRepresentation: signature), for: SHA256.hash(data: Array(message.utf8)),
                padding: .insecurePKCS1v1_5)
        }
        #expect(isValid("date: D"))
        #expect(!isValid("date: E"))
    }
}

extension StringProtocol {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : String(self)
    }
}
