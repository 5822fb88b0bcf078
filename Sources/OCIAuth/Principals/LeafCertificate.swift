import Crypto
import Foundation
import SwiftASN1
import X509

/// The certificate that an instance signs in with.
struct LeafCertificate: Sendable {
    /// The tenancy's OCID, from the subject: `opc-tenant:…`, or `opc-identity:…` in older ones.
    let tenancy: String
    /// SHA-1 of the DER, as colon-separated upper-case hexadecimal pairs: the service's name for the certificate.
    let fingerprint: String
    /// The PEM without its first and last line and without newlines, as the service expects it.
    let base64: String

    /// - Parameter source: where it came from, for messages.
    init(pem: String, source: String) throws(CredentialsError) {
        base64 = Self.base64(ofPEM: pem)
        guard let der = Data(base64Encoded: base64), let certificate = try? Certificate(derEncoded: Array(der)) else {
            throw CredentialsError(
                "The certificate of \(source) cannot be read.",
                advice: "Try again; if it happens every time, tell OCI support.",
                kind: .unreachable)
        }
        fingerprint = Insecure.SHA1.hash(data: der)
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: ":")
        let units = certificate.subject.flatMap { $0 }.map { String(describing: $0.value) }
        let marks = ["opc-tenant:", "opc-identity:"]
        let named = marks.lazy.compactMap { mark in
            units.first { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count)) }
        }.first
        guard let named, !named.isEmpty, named.utf8.allSatisfy(IdentitySettings.isHeaderSafe) else {
            throw CredentialsError(
                "The certificate of \(source) names no tenancy.",
                advice: "It is no OCI instance's: sign in with --auth api_key or security_token.", kind: .unreachable)
        }
        tenancy = named
    }

    /// The lines between the first `BEGIN` and its `END`, joined.
    static func base64(ofPEM pem: String) -> String {
        pem.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .drop { !$0.hasPrefix("-----BEGIN") }.dropFirst().prefix { !$0.hasPrefix("-----") }.joined()
    }
}
