import AIDP
import Dashboard
import OCIAuth
import Runs

extension Connection {
    /// The REST calls for the dashboard's data, as commands of the OCI command line, which signs them.
    ///
    /// - Parameter recordCount: the number of runs per job.
    func calls(recordCount: Int) -> RESTCalls {
        var options: [String] = []
        if case .profile(let name, let file) = credentials.origin {
            if name != "DEFAULT" { options += ["--profile", name] }
            if !file.hasSuffix("/.oci/config") { options += ["--config-file", file] }
        }
        if credentials.account.method != .apiKey { options += ["--auth", credentials.account.method.modeName] }
        return RESTCalls(
            recentRuns: { [endpoint, options] job in
                let request = RecentJobRunsRequest(jobKeys: [job.key], recordCount: recordCount)
                return (try? endpoint.url(of: request)).map { Self.rawRequest($0, options) }
            },
            run: { [endpoint, options] run in Self.rawRequest(endpoint.url(ofJobRun: run.key), options) })
    }

    private static func rawRequest(_ url: String, _ options: [String]) -> String {
        // The URL contains characters that are special in a shell.
        ShellText.line(["oci", "raw-request", "--http-method", "GET", "--target-uri", url] + options)
    }
}

extension SignInMethod {
    /// The value of `--auth` in runtop and in the OCI command line.
    fileprivate var modeName: String {
        let mode: AuthenticationMode =
            switch self {
            case .apiKey: .apiKey
            case .securityToken: .securityToken
            case .instancePrincipal: .instancePrincipal
            case .resourcePrincipal: .resourcePrincipal
            case .okeWorkloadIdentity: .okeWorkloadIdentity
            }
        return mode.rawValue
    }
}
