import Crypto
import CryptoExtras
import Foundation
import X509

/// A compute instance for the demo: its region, its certificate and key, and the intermediate certificate that signed
/// them. The metadata service returns these.
public struct ComputeInstance: Sendable {
    public let tenancy: String
    /// The instance's own OCID.
    public let id: String
    /// The name of its region, or the region's short code, as the metadata service of old instances returns it.
    public let region: String
    let certificatePEM: String
    let keyPEM: String
    let intermediatePEM: String
    private let authority: Certificate.PublicKey

    /// An instance with fresh keys.
    /// - Parameter issued: when its certificate begins; it lasts for ten years.
    /// - Throws: an error of the cryptographic library; none is expected.
    public init(tenancy: String, region: String, issued: Date) throws {
        let id = "ocid1.instance.oc1.iad.aaaaaaaademo"
        (self.tenancy, self.region, self.id) = (tenancy, region, id)
        let (authorityKey, key) = (P256.Signing.PrivateKey(), try _RSA.Signing.PrivateKey(keySize: .bits2048))
        let name = try DistinguishedName { CommonName("PKISVC Identity Intermediate simulator") }
        let life = issued.addingTimeInterval(-3_600)...issued.addingTimeInterval(10 * 365 * 86_400)
        func certificate(
            of key: Certificate.PublicKey, subject: DistinguishedName, isAuthority: Bool
        ) throws -> Certificate {
            try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key,
                notValidBefore: life.lowerBound, notValidAfter: life.upperBound, issuer: name, subject: subject,
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: try Certificate.Extensions {
                    Critical(
                        isAuthority
                            ? BasicConstraints.isCertificateAuthority(maxPathLength: 0)
                            : BasicConstraints.notCertificateAuthority)
                },
                issuerPrivateKey: .init(authorityKey))
        }
        let authority = Certificate.PublicKey(authorityKey.publicKey)
        self.authority = authority
        let subject = try DistinguishedName {
            OrganizationalUnitName("opc-certtype:instance")
            OrganizationalUnitName("opc-instance:\(id)")
            OrganizationalUnitName("opc-tenant:\(tenancy)")
            CommonName(id)
        }
        certificatePEM = try certificate(of: .init(key.publicKey), subject: subject, isAuthority: false)
            .serializeAsPEM().pemString
        intermediatePEM = try certificate(of: authority, subject: name, isAuthority: true).serializeAsPEM().pemString
        keyPEM = key.pemRepresentation
    }

    /// The text at a path of the metadata service; `nil` where there is nothing.
    func metadata(at path: Substring) -> String? {
        switch path {
        case "/opc/v2/instance/id": id
        case "/opc/v2/instance/region": region
        case "/opc/v2/identity/cert.pem": certificatePEM + "\n"
        case "/opc/v2/identity/key.pem": keyPEM + "\n"
        case "/opc/v2/identity/intermediate.pem": intermediatePEM + "\n"
        default: nil
        }
    }

    /// Whether this instance's authority signed a certificate, and the certificate is valid at a moment.
    func hasIssued(_ certificate: Certificate, at moment: Milliseconds) -> Bool {
        let now = Date(timeIntervalSince1970: Double(moment) / 1_000)
        return authority.isValidSignature(certificate.signature, for: certificate)
            && (certificate.notValidBefore...certificate.notValidAfter).contains(now)
    }
}
