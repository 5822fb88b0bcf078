import AIDP
import Actions
import Foundation
import History
import OCIAuth
import Runs

/// What a dashboard or a command needs for actions: the gate, and the sender for permitted actions.
struct ActionFeed: Sendable {
    /// The only gate of this session.
    var gate: ActionGate
    let sender: ActionSender
    let journal: SessionJournal
    let service: any ActionService

    /// - Parameter history: stores the journal; `nil` to keep it only in memory.
    init(gate: ActionGate, client: AIDPClient, credentials: Credentials, history: SQLiteHistory?) {
        self.gate = gate
        service = client
        journal = SessionJournal(store: history)
        sender = ActionSender(
            service: client, journal: journal,
            actor: ActionRecord.Actor(systemUser: NSUserName(), principal: credentials.principal))
    }

    /// The parameters of a job, and those of the run that is to be started again.
    func parameters(
        of target: ActionTarget
    ) async throws(ServiceError) -> (own: [RunParameter], ofRun: [RunParameter]?) {
        let own = try await service.job(target.job.key).item.parameters.map { RunParameter($0) }
        guard let run = target.parametersOf else { return (own, nil) }
        let ofRun = try await service.jobRun(run.key, includingTaskRuns: false).item.parameters.map { RunParameter($0) }
        // A run has only the parameters that it was given. The others come from the job.
        let others = own.filter { parameter in !ofRun.contains { $0.name == parameter.name } }
        return (own, ofRun + others)
    }
}

extension Credentials {
    /// The identity that OCI sees, if the sign-in method tells: a user's OCID, or else a description of the method.
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
