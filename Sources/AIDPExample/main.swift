import AIDP
import Foundation
import OCIAuth

/// Signs in with the OCI configuration file and the OCI environment variables (`OCI_CLI_PROFILE`, `OCI_CLI_REGION`, …).
func connect() async throws -> AIDPClient {
    let environment = ProcessInfo.processInfo.environment
    let credentials = try await AuthenticationSettings().credentials()
    let endpoint = try Endpoint(
        baseURL: environment["AIDP_ENDPOINT"] ?? credentials.region.map(Endpoint.baseURL) ?? "",
        instanceID: environment["AIDP_INSTANCE_ID"] ?? "", workspaceKey: environment["AIDP_WORKSPACE_KEY"] ?? "")
    return AIDPClient(endpoint: endpoint, authenticator: credentials.authenticator)
}

/// The newest run of each job of the workspace, the failed ones first.
func newestRuns(_ client: AIDPClient) async throws -> [JobRunSummary] {
    var jobs: [JobSummary] = []
    var request = ListJobsRequest()
    repeat {
        let page = try await client.listJobs(request)
        jobs += page.items
        request.page = page.nextPage
    } while request.page != nil
    var runs: [JobRunSummary] = []
    // The URL contains all job keys: 25 at a time keep it short.
    for start in stride(from: 0, to: jobs.count, by: 25) {
        let keys = jobs[start...].prefix(25).map(\.key)
        var request = RecentJobRunsRequest(jobKeys: keys, recordCount: 1, limit: 25)
        repeat {
            let page = try await client.recentJobRuns(request)
            runs += page.items
            request.page = page.nextPage
        } while request.page != nil
    }
    let failures: Set = ["FAILED", "INTERNAL_ERROR", "TIMED_OUT", "UPSTREAM_FAILED"]
    let isFailed = { (run: JobRunSummary) in failures.contains(run.state?.status ?? "") }
    return runs.filter(isFailed) + runs.filter { !isFailed($0) }
}

do {
    let client = try await connect()
    let runs = await Task { try await newestRuns(client) }.result
    await client.shutdown()
    for run in try runs.get() {
        print(run.state?.status ?? "?", run.jobName ?? run.jobKey ?? "?", run.key, separator: "\t")
    }
} catch {
    // What is wrong and what to do about it. A support ticket needs the request id.
    let failure = error as? ServiceError
    print(error.localizedDescription, failure?.advice ?? "", failure?.opcRequestID ?? "", separator: "\n")
    exit(1)
}
