/// A region of Oracle's cloud, and the domain its services live in.
public struct Region: Sendable, Hashable {
    /// The identifier: `us-ashburn-1`. For a configured domain, that domain.
    public let identifier: String
    /// The domain of the region's realm: `oraclecloud.com`. For a configured domain, that domain.
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

    /// The host of a service, after a template such as `service.{region}.oci.{secondLevelDomain}`.
    ///
    /// A configured domain takes the place of `{region}` and of all that follows it, as in the OCI SDKs.
    public func host(_ template: String) -> String {
        if isWholeDomain, let mark = template.firstRange(of: "{region}") {
            return template[..<mark.lowerBound] + identifier
        }
        return template.replacing("{region}", with: identifier)
            .replacing("{secondLevelDomain}", with: secondLevelDomain)
    }
}
