/// The settings of a simulator. The defaults are those of the demo.
public struct SimulatorSettings: Sendable {
    /// The port on 127.0.0.1; 0 takes any free one.
    public var port = 0
    /// The hosts it answers to besides 127.0.0.1, localhost and [::1], such as the name of a proxy in front of it.
    public var hosts: [String] = []
    /// Two worlds with the same seed are the same.
    public var seed: UInt64 = 2026
    /// How many times faster than their schedules the jobs run. At 20 an hourly job runs every three minutes, and a
    /// refresh every 15 s finds about half a dozen changes among forty jobs.
    public var speed = 20.0
    /// 0 to 65,536 jobs; beyond forty the families repeat for regions and tenants and run less often.
    public var jobCount = 40
    /// The faults that are active from the start.
    public var faults: [Fault] = []
    /// The first component of every path.
    public var apiVersion = "20260430"
    /// The AI Data Platform instance that exists; all others are 404.
    public var instanceID = "ocid1.aidataplatform.oc1.iad.aaaaaaaademo"
    /// The workspace that exists; all others are 404.
    public var workspaceKey = "6f9d7c1e-2b40-4a53-9c1d-demo00000001"
    public var workspaceName = "retail-production"
    /// The API keys whose signatures are accepted.
    public var keys: [RegisteredKey] = []
    /// The issuer whose session tokens are accepted; `nil` for none.
    public var tokenIssuer: TokenIssuer?
    /// The instance whose metadata is served and whose certificate is exchanged for tokens; `nil` for none.
    public var instance: ComputeInstance?
    /// How long an issued token lasts.
    public var tokenLifetime: Duration = .seconds(3_600)
    /// The most `jobKey` values one request may have; `nil` for no limit except the length of the target.
    public var maximumJobKeys: Int?
    /// Longer request targets get 414, as gateways do.
    public var maximumTargetLength = 16_384
    /// Texts that replace names, messages and traces, for tests with hostile input; empty for normal texts.
    public var hostile: [String] = []

    public init() {}
}
