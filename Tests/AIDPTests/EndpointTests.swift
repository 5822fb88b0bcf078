import HTTP
import OCIAuth
import Testing

@testable import AIDP

@Suite struct EndpointTests {
    private func endpoint(_ baseURL: String) throws -> Endpoint {
        try Endpoint(baseURL: baseURL, instanceID: "i", workspaceKey: "w")
    }

    @Test("the default address of the service is the documented one")
    func defaults() throws {
        let region = Region(identifier: "eu-frankfurt-1", secondLevelDomain: "oraclecloud.com")
        let endpoint = try Endpoint(baseURL: Endpoint.baseURL(in: region), instanceID: "ocid1.x", workspaceKey: "ws-1")
        #expect(endpoint.origin == "https://aidp.eu-frankfurt-1.oci.oraclecloud.com")
        #expect(endpoint.host == "aidp.eu-frankfurt-1.oci.oraclecloud.com")
        #expect(
            endpoint.target(.listJobs) == "/20260430/aiDataPlatforms/ocid1.x/workspaces/ws-1/jobs")
    }

    @Test("an older instance has another version, another path segment for instances, and a prefix")
    func olderPath() throws {
        let endpoint = try Endpoint(
            baseURL: "https://h", apiVersion: "20240831", pathPrefix: "/api/", instanceID: "i", workspaceKey: "w")
        #expect(endpoint.target(.listJobs) == "/api/20240831/dataLakes/i/workspaces/w/jobs")
        let other = try Endpoint(
            baseURL: "https://h", apiVersion: "20300101", collection: "lakes", instanceID: "i", workspaceKey: "w")
        #expect(other.target(.listJobs) == "/20300101/lakes/i/workspaces/w/jobs")
    }

    @Test(
        "each operation has its own path, and the key is one segment of it",
        arguments: [
            (.listWorkspaces, ""), (.listJobs, "/w/jobs"), (.getJob, "/w/jobs/a%2Fb"),
            (.recentJobRuns, "/w/recentJobRuns"), (.listJobRuns, "/w/jobRuns"), (.getJobRun, "/w/jobRuns/a%2Fb"),
            (.createJobRun, "/w/jobRuns"), (.cancelJobRun, "/w/jobRuns/a%2Fb/actions/cancel"),
            (.repairJobRun, "/w/jobRuns/a%2Fb/actions/repair"), (.listTaskRuns, "/w/taskRuns"),
            (.getTaskRun, "/w/taskRuns/a%2Fb"), (.fetchOutput, "/w/taskRuns/a%2Fb/actions/fetchOutput"),
        ] as [(WorkflowOperation, String)])
    func paths(_ operation: WorkflowOperation, _ path: String) throws {
        let target = try endpoint("https://h").target(operation, key: "a/b")
        #expect(target == "/20260430/aiDataPlatforms/i/workspaces" + path)
    }

    @Test("keys are opaque: every character except the unreserved ones is encoded, once")
    func encoding() throws {
        let endpoint = try Endpoint(baseURL: "https://h", instanceID: "a/b c%41", workspaceKey: "ü+=&")
        let target = endpoint.target(.recentJobRuns, query: [QueryItem("page", "AZaz09-._~+/=?&#%20")])
        #expect(
            target == "/20260430/aiDataPlatforms/a%2Fb%20c%2541/workspaces/%C3%BC%2B%3D%26/recentJobRuns"
                + "?page=AZaz09-._~%2B%2F%3D%3F%26%23%2520")
    }

    @Test(
        "http is allowed only for the local machine",
        arguments: [
            "http://127.0.0.1:80", "http://127.255.3.4:8080", "http://localhost", "http://[::1]:9", "http://[0:0::1]:9",
        ])
    func loopback(_ baseURL: String) throws {
        #expect(try endpoint(baseURL).origin == (baseURL == "http://127.0.0.1:80" ? "http://127.0.0.1" : baseURL))
    }

    @Test(
        "a host that only looks like the local machine is rejected over http",
        arguments: [
            "http://example.com", "http://127.0.0.1.example.com", "http://localhost.example.com", "http://127.1",
            "http://127.0.0.256", "http://0127.0.0.1", "http://[::2]", "http://[::ffff:127.0.0.1]", "http://0.0.0.0",
            "http://127.0.0.+1", "http://127.evil.example", "http://169.254.169.254", "http://127.0.0.1.",
            "http://127..0.1",
            "http://128.0.0.1", "http://[::1:1]",
        ])
    func notLoopback(_ baseURL: String) {
        #expect(throws: Trouble.self) { try endpoint(baseURL) }
    }

    @Test(
        "an endpoint that is not exactly scheme, host and port is rejected with a sentence",
        arguments: [
            "", "aidp.example.com", "ftp://example.com", "https://", "https://:443", "https://user@example.com",
            "https://user:pw@example.com", "https://example.com?x=1", "https://example.com/#a", "https://example.com:0",
            "https://example.com:65536", "https://example.com:", "https://example.com:+1", "https://exa mple.com",
            "https://example.com/a b", "https://example.com/../x", "https://[::1", "https://[example]",
            "https://a\r\nx: y", "https://ex\u{202E}ample.com", "https://[::1]x",
        ])
    func refused(_ baseURL: String) throws {
        let error = try #require(throws: Trouble.self) { try endpoint(baseURL) }
        #expect(error.problem.hasSuffix("."))
        #expect(!error.advice.isEmpty)
        #expect(!error.problem.contains("pw"))
    }

    @Test("an id that is a dot segment, or empty, is rejected", arguments: ["", ".", ".."])
    func dotSegments(_ id: String) {
        #expect(throws: Trouble.self) {
            try Endpoint(baseURL: "https://h", instanceID: id, workspaceKey: "w")
        }
        #expect(throws: Trouble.self) {
            try Endpoint(baseURL: "https://h", instanceID: "i", workspaceKey: id)
        }
    }

    @Test("the host header is lower case, and has a port only if it is not the scheme's default")
    func host() throws {
        #expect(try endpoint("https://EXAMPLE.com:443/").host == "example.com")
        #expect(try endpoint("https://example.com:8443").host == "example.com:8443")
        #expect(try endpoint("https://[2001:DB8::1]:8443").host == "[2001:db8::1]:8443")
        #expect(try endpoint("https://h/mounted/here").target(.listJobs).hasPrefix("/mounted/here/20260430/"))
    }
}
