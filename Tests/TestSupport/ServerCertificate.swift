import Crypto
import Foundation
import SwiftASN1
import X509

/// A certificate that vouches for itself, and its key, made anew for a server of the tests.
public struct ServerCertificate: Sendable {
    public let certificatePEM: String
    public let keyPEM: String

    /// Who issued it, as it is shown.
    public static let issuer = "CN=runtop's tests"

    /// - Parameters:
    ///   - names: the DNS names it is for.
    ///   - days: when it begins and ends, in days from now.
    public init(names: [String] = ["localhost"], days: ClosedRange<Double> = -1...90) throws {
        let key = P256.Signing.PrivateKey()
        let name = try DistinguishedName { CommonName("runtop's tests") }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
            notValidBefore: Date(timeIntervalSinceNow: days.lowerBound * 86_400),
            notValidAfter: Date(timeIntervalSinceNow: days.upperBound * 86_400),
            issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                SubjectAlternativeNames(names.map { .dnsName($0) })
            }, issuerPrivateKey: .init(key))
        certificatePEM = try certificate.serializeAsPEM().pemString
        keyPEM = key.pemRepresentation
    }
}
