import AIDP
import Foundation
import OCIAuth
import Screen
import Synchronization

/// Checks the service with three signed requests, and compares its clock.
struct ServiceChecks {
    let setup: Setup

    /// A larger clock difference in seconds is a warning. From five minutes on, the service rejects signatures.
    private static let tolerated: TimeInterval = 60
    private static let refused: TimeInterval = 300

    func findings(of endpoint: Endpoint?, signedIn: Result<Credentials, CredentialsError>) async -> [Finding] {
        guard let endpoint, case .success(let credentials) = signedIn, var network = setup.network,
            (try? await credentials.authenticator.requireUsable()) != nil
        else { return [.skipped(.clock), .skipped(.workspaces), .skipped(.jobs), .skipped(.recentJobRuns)] }
        network.retry.maximumAttempts = 1
        let dates = ServerDates(now: setup.now)
        let client = AIDPClient(
            endpoint: endpoint, authenticator: credentials.authenticator, settings: network, observer: dates)
        let (workspaces, isHopeless) = await workspaces(client)
        let clock = Self.clock(ahead: dates.ahead)
        var findings = [clock, workspaces]
        if clock.verdict == .failed && workspaces.verdict == .failed {
            // The service refuses the request because of the clock.
            findings = [clock, .skipped(.workspaces), .skipped(.jobs), .skipped(.recentJobRuns)]
        } else if !isHopeless {
            let (jobs, key) = await jobs(client)
            findings += [jobs, await recentJobRuns(client, of: key, after: jobs)]
        } else {
            findings += [.skipped(.jobs), .skipped(.recentJobRuns)]
        }
        await client.shutdown()
        return findings
    }

    /// - Parameter ahead: how far the local clock is ahead, in seconds; nil if the service sent no time.
    static func clock(ahead: TimeInterval?) -> Finding {
        guard let ahead else { return Finding(.clock, .skipped, "the service did not send its time") }
        let seconds = Int(ahead.rounded())
        let text: SafeText =
            abs(seconds) < 2
            ? "in sync with the service" : "\(abs(seconds)) s \(seconds > 0 ? "ahead of" : "behind") the service's"
        let advice: SafeText =
            "Set this machine's clock, or turn on NTP; from 300 s on, the service refuses signatures."
        if abs(ahead) > Self.refused { return Finding(.clock, .failed, text, advice: advice) }
        return abs(ahead) > Self.tolerated
            ? Finding(.clock, .warning, text, advice: advice) : Finding(.clock, .passed, text)
    }

    /// The finding, and whether the other requests would fail for the same reason.
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
                    ? "no workspace given"
                    : "the instance has no workspace \(setup.workspaceKey) that you may see",
                advice: names.isEmpty
                    ? "You may see no workspace of the instance: ask for access to one."
                    : "Choose one with --workspace-key: \(names.joined(separator: ", ")).")
            return (finding, true)
        } catch {
            // Without permission to list the workspaces, one of them may still be readable.
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
        guard let key else { return Finding(.recentJobRuns, .skipped, "there is no job to check") }
        do throws(ServiceError) {
            let page = try await client.recentJobRuns(RecentJobRunsRequest(jobKeys: [key]))
            return Finding(
                .recentJobRuns, .passed,
                "\(page.items.count) run\(page.items.count == 1 ? "" : "s") returned for job \(key)")
        } catch {
            return Self.finding(.recentJobRuns, error)
        }
    }

    private static func finding(_ check: Check, _ error: ServiceError) -> Finding {
        var text = SafeText(error.summary.hasSuffix(".") ? String(error.summary.dropLast()) : error.summary)
        if let id = error.opcRequestID { text += ", opc-request-id \(id)" }
        let advice =
            error.advice.isEmpty ? "Try again; if it happens every time, tell Oracle support that id." : error.advice
        return Finding(check, .failed, text, advice: SafeText(advice))
    }
}

/// Compares the local clock with the `date` headers of the service's answers.
private final class ServerDates: RequestObserver {
    private let now: @Sendable () -> Date
    private let seen = Mutex<TimeInterval?>(nil)

    init(now: @escaping @Sendable () -> Date) { self.now = now }

    /// How far the local clock is ahead, in seconds.
    var ahead: TimeInterval? { seen.withLock { $0 } }
    func attemptEnded(_ exchange: RecordedExchange) {
        let ahead = exchange.record.serverDate.map(now().timeIntervalSince)
        if let ahead { seen.withLock { $0 = ahead } }
    }
}
