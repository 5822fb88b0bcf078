import AIDP
import Actions
import ArgumentParser
import Foundation
import OCIAuth
import Polling
import Runs
import Screen

/// One action from the shell: reads the target, asks the user, passes the gate, sends, and prints the outcome.
struct ActionCommand {
    private let options: ActionCommandOptions
    private let settings: SettingsFile
    private let environment: [String: String]

    init(_ options: ActionCommandOptions) throws {
        self.options = options
        environment = ProcessInfo.processInfo.environment
        settings = try SettingsFile.load(named: options.settings, environment: environment)
    }

    func run(onRun key: String, _ verb: RunAction.Verb) async throws {
        try await run(verb) { client, place in
            let run = try await Self.found("run", key) { try await client.jobRun(key).item }
            let job = JobID(place: place, key: run.summary.jobKey ?? "")
            return ActionTarget(
                job: job, jobName: run.summary.jobName ?? job.key, run: RunID(job: job, key: key),
                known: .init(run.summary))
        }
    }

    func run(onJob key: String, _ verb: RunAction.Verb) async throws {
        try await run(verb) { client, place in
            let job = try await Self.found("job", key) { try await client.job(key).item.summary }
            return ActionTarget(job: JobID(place: place, key: key), jobName: job.name ?? key)
        }
    }

    /// Reads the target. A 404 most often means that the key is wrong.
    private static func found<Item>(
        _ what: String, _ key: String, _ read: () async throws -> Item
    ) async throws -> Item {
        do {
            return try await read()
        } catch let error as ServiceError where error.kind == .notFound {
            throw CommandFailure(
                .noPermission,
                "There is no \(what) \(key) in this workspace, or you may not see it (\(error.summary)).",
                advice: "Check the key. If it is right: \(error.advice)")
        }
    }

    private func run(
        _ verb: RunAction.Verb, on look: (AIDPClient, Place) async throws -> ActionTarget
    ) async throws {
        let isAllowed = options.action.isAllowed(settings)
        // Check this before asking for a pass phrase, and before sending anything.
        guard isAllowed else { throw CommandFailure(refused: .notAllowed) }
        let logs = try options.log.open(settings, environment: environment)
        let connection = try await logs.loggingFailure {
            try await ConnectionSettings(options.connection, environment: environment, file: settings).connect(
                logs: logs)
        }
        for warning in connection.credentials.warnings { StandardError.write("runtop: \(warning.message)") }
        let client = connection.client(budget: .seconds(30))
        let name = await connection.workspaceName(client)?() ?? connection.workspace.text
        let gate = ActionGate(
            allowsActions: isAllowed, place: connection.place, placeName: name, isProtected: settings.isProtected)
        let history = options.history.store(settings.history, environment: environment)
        let feed = ActionFeed(gate: gate, client: client, credentials: connection.credentials, history: history)
        if history == nil { StandardError.write("runtop: no history is kept: the action will be in no journal.") }
        do {
            let target = try await look(client, connection.place)
            let action = RunAction(verb, of: target)
            let confirmation = try confirmation(of: action, gate)
            let record = try await send(ActionRequest(action, confirmed: confirmation), feed)
            try await finish(record, client)
            await client.shutdown()
            logs.finish()
        } catch {
            await client.shutdown()
            logs.finish()
            throw error
        }
    }

    /// The answer of the user.
    private func confirmation(of action: RunAction, _ gate: ActionGate) throws -> ActionConfirmation {
        if let name = options.confirmPlace { return .placeName(name) }
        if options.yes { return .yes }
        let question = ActionQuestion(action, placeName: gate.placeName, isProtected: gate.isProtected)
        guard let answer = ActionQuestion.ask(question.lines) else {
            throw CommandFailure(
                .refused, "There is no terminal to ask on: nothing was sent.",
                advice: "Give --yes, or --confirm-place NAME for a protected place.")
        }
        guard let confirmation = question.confirmation(by: answer) else {
            let wanted = gate.isProtected ? "the name of the workspace" : "yes"
            throw CommandFailure(.refused, "The answer was not \(wanted): nothing was sent.")
        }
        return confirmation
    }

    private func send(_ request: ActionRequest, _ feed: ActionFeed) async throws -> ActionRecord {
        let permitted: PermittedAction
        do throws(GateRefusal) {
            permitted = try feed.gate.permission(for: request)
        } catch {
            throw CommandFailure(refused: error)
        }
        return await feed.sender.carryOut(permitted, placeName: feed.gate.placeName) { _, problem in
            if let problem { StandardError.write("runtop: \(SafeText(problem))") }
        }
    }

    /// Waits if requested, prints the outcome, and exits with its status.
    private func finish(_ record: ActionRecord, _ client: AIDPClient) async throws {
        var ended: RunStatus?
        var status = ExitStatus(record.outcome)
        if options.wait, record.outcome == .confirmed, let key = record.startedRun ?? record.action.target.run?.key {
            ended = await end(of: key, client)
            status = ended.map { $0 == record.action.wantedEnd ? nil : .endedOtherwise } ?? .stillActive
        }
        let report = ActionReport(record: record, end: ended, waited: options.wait)
        switch options.output {
        case .text: try StandardOutput.write(report.text.map { $0.plainText + "\n" }.joined())
        case .json: try StandardOutput.write(report.json)
        }
        guard let status else { return }
        throw ExitCode(status.rawValue)
    }

    /// The final status of the run; `nil` if it is still active after the timeout.
    private func end(of key: String, _ client: AIDPClient) async -> RunStatus? {
        let clock = ContinuousClock()
        let end = clock.now + options.waitTimeout
        var pause = Duration.seconds(1)
        while true {
            if let status = await status(of: key, client), !status.isActive, status.meaning != .unknown {
                return status
            }
            guard clock.now + pause < end, (try? await Task.sleep(for: pause)) != nil else { return nil }
            pause = min(pause * 1.5, .seconds(15))
        }
    }

    /// The current status of the run; `nil` if the service does not send it.
    private func status(of key: String, _ client: AIDPClient) async -> RunStatus? {
        (try? await client.jobRun(key)).map { RunStatus(wireValue: $0.item.summary.state?.status) }
    }
}

extension RunAction {
    /// The final status of the run if the action has the intended effect.
    fileprivate var wantedEnd: RunStatus { verb == .cancel ? .canceled : .success }
}

extension CommandFailure {
    /// The failure for a refusal of the gate.
    init(refused refusal: GateRefusal) { self.init(.refused, refusal.problem, advice: refusal.advice) }
}

extension ExitStatus {
    /// The exit status for the outcome of an action; `nil` if it was carried out.
    init?(_ outcome: ActionRecord.Outcome) {
        switch outcome {
        case .confirmed: return nil
        case .refused: self = .refused
        case .failed: self = .unavailable
        case .sent, .unconfirmed: self = .unconfirmed
        }
    }
}
