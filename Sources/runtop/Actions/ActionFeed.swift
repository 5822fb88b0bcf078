import AIDP
import Actions
import Foundation
import History
import OCIAuth
import Runs

/// What a dashboard or a command needs to act: the gate, and what carries out what it lets through.
struct ActionFeed: Sendable {
    /// The gate of this session: the only one that anything is asked of.
    var gate: ActionGate
    let sender: ActionSender
    let journal: SessionJournal
    let service: any ActionService

    /// - Parameter history: where the journal is kept; `nil` for this session's memory alone.
    init(gate: ActionGate, client: AIDPClient, credentials: Credentials, history: SQLiteHistory?) {
        self.gate = gate
        service = client
        journal = SessionJournal(store: history)
        sender = ActionSender(
            service: client, journal: journal,
            actor: ActionRecord.Actor(systemUser: NSUserName(), principal: credentials.principal))
    }

    /// The parameters of a job, and those of the run that it is to be run again as.
    func parameters(
        of target: ActionTarget
    ) async throws(ServiceError) -> (own: [RunParameter], ofRun: [RunParameter]?) {
        let own = try await service.job(target.job.key).item.parameters.map { RunParameter($0) }
        guard let run = target.parametersOf else { return (own, nil) }
        let ofRun = try await service.jobRun(run.key, includingTaskRuns: false).item.parameters.map { RunParameter($0) }
        // A run names those that it was given; the others are the job's.
        let others = own.filter { parameter in !ofRun.contains { $0.name == parameter.name } }
        return (own, ofRun + others)
    }
}

extension Credentials {
    /// Whom OCI takes a request to be from, as far as the sign-in says: a user's OCID, or how it was signed in.
    var principal: String {
        if let user = account.user { return user }
        let profile = if case .profile(let name, _) = origin { " of the profile \(name)" } else { "" }
        return switch account.method {
        case .apiKey: "API key\(profile)"
        case .securityToken: "session\(profile)"
        case .instancePrincipal: "instance principal"
        case .resourcePrincipal: "resource principal"
        case .okeWorkloadIdentity: "workload identity"
        }
    }
}
