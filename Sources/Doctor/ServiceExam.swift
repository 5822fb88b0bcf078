import AIDPClient
import Foundation
import OCIAuth
import Screen
import Synchronization

/// The service itself: three signed requests, and the clock by which it answers.
struct ServiceExam {
    let setup: Setup

    /// As far as a clock may be off before it deserves a word; from five minutes on signatures are refused.
    private static let tolerated: TimeInterval = 60
    private static let refused: TimeInterval = 300

    func findings(endpoint: Endpoint?, signedIn: Result<Credentials, CredentialsError>) async -> [Finding] {
        guard let endpoint, case .success(let credentials) = signedIn, case .success(var network) = setup.network,
            (try? await credentials.authenticator.signer()) != nil
        else { return NetworkExam.skipped([.clock, .workspaces, .jobs, .recentJobRuns]) }
        network.retry.maximumAttempts = 1
        let dates = ServerDates(now: setup.now)
        let client = AIDPClient(
            endpoint: endpoint, authenticator: credentials.authenticator, settings: network, observer: dates)
        let (workspaces, isHopeless) = await workspaces(client)
        let clock = clock(dates)
        var findings = [clock, workspaces]
        if clock.verdict == .failed && workspaces.verdict == .failed {
            // A clock that is off is what the service refuses.
            findings = [clock] + NetworkExam.skipped([.workspaces, .jobs, .recentJobRuns])
        } else if !isHopeless {
            let (jobs, key) = await jobs(client)
            findings += [jobs, await recentJobRuns(client, of: key, after: jobs)]
        } else {
            findings += NetworkExam.skipped([.jobs, .recentJobRuns])
        }
        await client.shutdown()
        return findings
    }

    private func clock(_ dates: ServerDates) -> Finding {
        guard let ahead = dates.ahead else { return Finding(.clock, .skipped, "the service did not say its time") }
        let seconds = Int(ahead.rounded())
        let text: SafeText =
            abs(seconds) < 2
            ? "as the service's" : "\(abs(seconds)) s \(seconds > 0 ? "ahead of" : "behind") the service's"
        let advice: SafeText = "Set this machine's clock, or let NTP do so; from 300 s on signatures are refused."
        if abs(ahead) > Self.refused { return Finding(.clock, .failed, text, advice: advice) }
        return abs(ahead) > Self.tolerated
            ? Finding(.clock, .warning, text, advice: advice) : Finding(.clock, .passed, text)
    }

    /// The finding, and whether the other requests would meet the same.
    private func workspaces(_ client: AIDPClient) async -> (Finding, isHopeless: Bool) {
        do throws(ServiceError) {
            let page = try await client.listWorkspaces(ListWorkspacesRequest(limit: 1000))
            if let ours = page.items.first(where: { $0.key == setup.workspaceKey }) {
                return (
                    Finding(.workspaces, .passed, "\(ours.displayName ?? ours.key), one of \(page.items.count)"), false
                )
            }
            if page.nextPage != nil, !setup.workspaceKey.isEmpty {
                return (Finding(.workspaces, .passed, "more than \(page.items.count)"), false)
            }
            let names = page.items.prefix(5).map { "\($0.key) (\($0.displayName ?? "no name"))" }
            let finding = Finding(
                .workspaces, .failed,
                setup.workspaceKey.isEmpty
                    ? "the workspace is not named"
                    : "the workspace \(setup.workspaceKey) is not among those of the instance",
                advice: names.isEmpty
                    ? "The instance shows you no workspace: ask for access to one."
                    : "Give --workspace-key as one of: \(names.joined(separator: ", ")).")
            return (finding, true)
        } catch {
            // Who may not list the workspaces may yet read one of them.
            let isHopeless = setup.workspaceKey.isEmpty || ![.forbidden, .notFound].contains(error.kind)
            return (Self.finding(.workspaces, error), isHopeless)
        }
    }

    private func jobs(_ client: AIDPClient) async -> (Finding, key: String?) {
        do throws(ServiceError) {
            let page = try await client.listJobs(ListJobsRequest(limit: 100))
            let more = page.nextPage == nil ? "" : " and more"
            guard let first = page.items.first else {
                return (Finding(.jobs, .warning, "the workspace has no job that you may see"), nil)
            }
            return (Finding(.jobs, .passed, "\(page.items.count)\(more)"), first.key)
        } catch {
            return (Self.finding(.jobs, error), nil)
        }
    }

    private func recentJobRuns(_ client: AIDPClient, of key: String?, after jobs: Finding) async -> Finding {
        guard let key else { return Finding(.recentJobRuns, .skipped, "no job to ask for") }
        do throws(ServiceError) {
            let page = try await client.recentJobRuns(RecentJobRunsRequest(jobKeys: [key]))
            return Finding(.recentJobRuns, .passed, "\(page.items.count) of the job \(key)")
        } catch {
            return Self.finding(.recentJobRuns, error)
        }
    }

    private static func finding(_ check: Check, _ error: ServiceError) -> Finding {
        var text = SafeText(error.summary.hasSuffix(".") ? String(error.summary.dropLast()) : error.summary)
        if let id = error.opcRequestID { text += ", opc-request-id \(id)" }
        let advice = error.advice.isEmpty ? "Try again; if it stays so, tell Oracle support that id." : error.advice
        return Finding(check, .failed, text, advice: SafeText(advice))
    }
}

/// The service's clock, by the `date` of its answers.
private final class ServerDates: RequestObserver {
    private let now: @Sendable () -> Date
    private let seen = Mutex<TimeInterval?>(nil)

    init(now: @escaping @Sendable () -> Date) { self.now = now }

    /// How far our clock is ahead, in seconds.
    var ahead: TimeInterval? { seen.withLock { $0 } }
    func attemptEnded(_ exchange: RecordedExchange) {
        let ahead = exchange.record.serverDate.map(now().timeIntervalSince)
        if let ahead { seen.withLock { $0 = ahead } }
    }
}
