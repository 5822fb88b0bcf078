/// The algorithms of keys that are not RSA; the raw value names such a key in a message.
enum KeyAlgorithm: String {
    case ellipticCurve = "an elliptic-curve key"
    case edwards = "an Ed25519 or Ed448 key"

    /// Finds the algorithm by the object identifiers in a key's DER: its own, or its curve's.
    init?(namedIn der: [UInt8]) {
        let ansiX962: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D]
        let certicomCurves: [UInt8] = [0x2B, 0x81, 0x04, 0x00]
        let (ed25519, ed448): ([UInt8], [UInt8]) = ([0x06, 0x03, 0x2B, 0x65, 0x70], [0x06, 0x03, 0x2B, 0x65, 0x71])
        if der.contains(ansiX962) || der.contains(certicomCurves) {
            self = .ellipticCurve
        } else if der.contains(ed25519) || der.contains(ed448) {
            self = .edwards
        } else {
            return nil
        }
    }

    /// Whether a PBES2 block derives its key by scrypt (RFC 7914, section 7.1).
    static func isScrypt(_ der: [UInt8]) -> Bool {
        der.contains([0x06, 0x09, 0x2B, 0x06, 0x01, 0x04, 0x01, 0xDA, 0x47, 0x04, 0x0B])
    }
}
