import AIDP
import Runs

/// The operations for actions. Those that change something need a ``PermittedAction``, which only the gate can create.
package protocol ActionService: Sendable {
    func jobRun(_ key: String, includingTaskRuns: Bool) async throws(ServiceError) -> Fetched<JobRunDetails>
    func job(_ key: String) async throws(ServiceError) -> Fetched<JobDetails>
    func listJobRuns(_ request: ListJobRunsRequest) async throws(ServiceError) -> Page<JobRunSummary>

    /// Sends the action. All attempts of the client carry the same token.
    ///
    /// - Parameter options: the retry token, and the expected version of the run.
    func carryOut(
        _ permitted: PermittedAction, _ options: MutationOptions
    ) async throws(ServiceError) -> Fetched<JobRunDetails>
}

extension AIDPClient: ActionService {
    package func carryOut(
        _ permitted: PermittedAction, _ options: MutationOptions
    ) async throws(ServiceError) -> Fetched<JobRunDetails> {
        let target = permitted.action.target
        switch permitted.action.verb {
        case .trigger(let parameters):
            return try await runJob(target.job.key, parameters: parameters.map(Parameter.init), options)
        case .cancel:
            return try await cancelJobRun(target.run?.key ?? "", options)
        case .repair(let repair):
            let mode: RepairJobRunRequest.Mode = repair.mode == .resume ? .resume : .rerun
            return try await repairJobRun(
                RepairJobRunRequest(jobRunKey: target.run?.key ?? "", taskKeys: repair.tasks, mode: mode), options)
        }
    }
}

extension Parameter {
    fileprivate init(_ parameter: RunParameter) { self.init(name: parameter.name, value: parameter.value) }
}

extension RunParameter {
    package init(_ parameter: Parameter) { self.init(name: parameter.name, value: parameter.value) }
}
