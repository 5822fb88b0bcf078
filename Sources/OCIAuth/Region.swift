import Foundation

/// A region of Oracle's cloud, and the domain of its services.
public struct Region: Sendable, Hashable {
    /// The identifier: `us-ashburn-1`. If a domain was configured as the region, this domain.
    public let identifier: String
    /// The domain of the region's realm: `oraclecloud.com`. If a domain was configured as the region, this domain.
    public let secondLevelDomain: String

    private let isWholeDomain: Bool

    public init(identifier: String, secondLevelDomain: String) {
        self.identifier = identifier
        self.secondLevelDomain = secondLevelDomain
        self.isWholeDomain = false
    }

    /// A region that was configured as a domain, as in `region = us-lab-1.example.com`.
    init(wholeDomain: String) {
        identifier = wholeDomain
        secondLevelDomain = wholeDomain
        isWholeDomain = true
    }

    /// The host of a service, from a template such as `service.{region}.oci.{secondLevelDomain}`.
    ///
    /// A configured domain replaces `{region}` and everything after it, as in the OCI SDKs.
    public func host(_ template: String) -> String {
        if isWholeDomain, let mark = template.firstRange(of: "{region}") {
            return template[..<mark.lowerBound] + identifier
        }
        return template.replacing("{region}", with: identifier)
            .replacing("{secondLevelDomain}", with: secondLevelDomain)
    }
}

/// Finds a region by its configured name.
///
/// The order is that of the OCI SDKs: OCI's region list, `~/.oci/regions-config.json`, `OCI_REGION_METADATA`, a name
/// with dots as the whole domain, `OCI_DEFAULT_REALM` as the domain, and finally the realm oc1. The instance metadata
/// service is not used; the SDKs use it only if the program enables it.
struct RegionLookup {
    let environment: Environment
    let files: any CredentialFiles

    /// A region, and how it was found.
    struct Found: Sendable {
        let region: Region
        let rule: RegionRule
        /// Set if the domain is only assumed.
        var warning: CredentialsWarning?
    }

    func region(_ setting: IdentitySettings.Setting) throws(CredentialsError) -> Found {
        func found(_ region: Region, by rule: RegionRule.Table) -> Found {
            Found(region: region, rule: RegionRule(namedBy: setting.place, table: rule))
        }
        let name = setting.value.lowercased()
        guard Self.isHostPart(name) else {
            throw CredentialsError(
                "The region from \(setting.place) is not a region's name: it has characters other than letters, digits, "
                    + "hyphens and dots.",
                advice: "Give it as in us-ashburn-1.", topic: .region)
        }
        if let known = RegionTable.byName[name] { return found(known, by: .published) }
        if let described = try describedInFile(name) { return found(described, by: .regionsConfigFile) }
        if let described = try describedInEnvironment(name) { return found(described, by: .regionMetadata) }
        if name.contains(".") { return found(Region(wholeDomain: name), by: .wholeDomain) }
        if let domain = environment["OCI_DEFAULT_REALM"]?.lowercased() {
            guard Self.isHostPart(domain) else {
                throw CredentialsError(
                    "OCI_DEFAULT_REALM is not a domain.", advice: "Give it as in oraclecloud.com, or unset it.",
                    topic: .region)
            }
            return found(Region(identifier: name, secondLevelDomain: domain), by: .defaultRealm)
        }
        let assumed = "oraclecloud.com"
        var assumedRegion = found(Region(identifier: name, secondLevelDomain: assumed), by: .assumed)
        assumedRegion.warning = .unknownRegion(name, assumedDomain: assumed)
        return assumedRegion
    }

    private func describedInFile(_ name: String) throws(CredentialsError) -> Region? {
        let path = environment.expandingTilde("~/.oci/regions-config.json")
        guard files.stamp(of: path) != nil else { return nil }
        let bytes = try files.credentialFile(path, what: "regions file", .region, namedIn: "the usual place").bytes
        guard let entries = try? JSONDecoder().decode([Entry].self, from: Data(bytes)) else {
            throw Self.malformed("The file \(path) does not describe regions: it should be a JSON array of objects.")
        }
        return entries.lazy.compactMap { $0.region(named: name) }.first
    }

    private func describedInEnvironment(_ name: String) throws(CredentialsError) -> Region? {
        guard let text = environment["OCI_REGION_METADATA"] else { return nil }
        guard let entry = try? JSONDecoder().decode(Entry.self, from: Data(text.utf8)) else {
            throw Self.malformed("OCI_REGION_METADATA does not describe a region: it should be a JSON object.")
        }
        return entry.region(named: name)
    }

    private static func malformed(_ problem: String) -> CredentialsError {
        CredentialsError(
            problem,
            advice: "An object has the keys realmKey, realmDomainComponent, regionKey and regionIdentifier.",
            topic: .region)
    }

    /// Whether the text is valid in a host name.
    private static func isHostPart(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "-"), UInt8(ascii: "."): true
            default: false
            }
        } && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty }
    }

    /// A region in the format of the OCI tools. An entry with missing fields is ignored.
    private struct Entry: Decodable {
        let realmDomainComponent: String?
        let regionKey: String?
        let regionIdentifier: String?

        func region(named name: String) -> Region? {
            guard let domain = realmDomainComponent?.lowercased(), RegionLookup.isHostPart(domain),
                let identifier = regionIdentifier?.lowercased(), RegionLookup.isHostPart(identifier),
                name == identifier || name == regionKey?.lowercased()
            else { return nil }
            return Region(identifier: identifier, secondLevelDomain: domain)
        }
    }
}

/// How a region was found: the setting that named it, and the table with its domain.
public struct RegionRule: Sendable, Equatable {
    /// The setting, as in "line 6 of /home/me/.oci/config".
    public let namedBy: String
    public let table: Table

    /// The tables with the domains of regions, in the order of the search.
    public enum Table: String, Sendable {
        case published = "OCI's region list"
        case regionsConfigFile = "~/.oci/regions-config.json"
        case regionMetadata = "OCI_REGION_METADATA"
        case wholeDomain = "its name, which is a whole domain"
        case defaultRealm = "OCI_DEFAULT_REALM"
        case assumed = "assumption: it is in no list, and oc1 is the usual realm"
    }
}
