import Foundation
import Runs
import Screen

/// Effects for the user's own commands.
package enum OwnCommandEffect: Hashable, Sendable {
    /// Run it; a command that changes something must pass the gate.
    case run(OwnCommandCall, confirmed: ActionConfirmation?)
    /// Ask the command of this number to end, or kill it.
    case stop(Int, byForce: Bool)
}

/// The results of ``OwnCommandEffect``.
package enum OwnCommandEvent: Sendable {
    /// The command has printed more output.
    case printed([UInt8], number: Int)
    /// The command has ended; `lastLine` is the last line of its output.
    case ended(OwnCommandEnd, OwnCommandCall, lastLine: String)
}

extension DashboardState {
    /// The commands for a screen, in the order of the settings.
    func ownCommands(in context: KeyContext) -> [OwnCommand] {
        ownCommands.filter { $0.scope.screens.contains(context) }
    }

    /// Runs a command on the selected row, after a question if it changes something.
    mutating func run(_ command: OwnCommand) -> [Effect] {
        guard let subject = subjectOfCopy() else { return [] }
        let call: OwnCommandCall
        do throws(ArgumentTemplate.Unusable) {
            call = try self.call(command, on: subject)
        } catch {
            let what: SafeText = "this \(command.scope.rawValue)"
            switch error {
            case .absent(let value):
                warn("\(command.name) was not run: \(what) has no {\(value.rawValue)}.")
            case .nul(let value):
                warn("\(command.name) was not run: {\(value.rawValue)} of \(what) has a NUL character.")
            }
            return []
        }
        guard call.changesSomething else { return start(call, confirmed: nil) }
        guard actions.isAllowed else {
            warn("Read-only: to allow actions, set “actions: true” or start with --allow-actions.")
            return []
        }
        jobs.isSettled = true
        actions.prompts += 1
        overlay = .action(ActionPrompt(number: actions.prompts, command: call, asksName: actions.isProtected))
        return []
    }

    private mutating func call(
        _ command: OwnCommand, on subject: CopySubject
    ) throws(ArgumentTemplate.Unusable) -> OwnCommandCall {
        var arguments: [String] = []
        for argument in command.arguments { arguments.append(try argument.filled { self.value(of: $0, subject) }) }
        let name = subject.jobName ?? subject.job.key
        let target =
            subject.isRun
            ? subject.run.map { ActionTarget($0, jobName: name) } ?? ActionTarget(job: subject.job, jobName: name)
            : ActionTarget(job: subject.job, jobName: name)
        ownCommandCount += 1
        return OwnCommandCall(
            name: command.name, arguments: arguments, output: command.output,
            changesSomething: command.changesSomething, target: target, number: ownCommandCount)
    }

    private func value(of name: OwnCommandValue, _ subject: CopySubject) -> String? {
        switch name {
        case .jobKey: subject.job.key
        case .jobName: subject.jobName
        case .runKey: subject.run?.id.key
        case .runName: subject.run?.name
        case .runStatus: subject.run?.status.wireValue
        case .taskKey: subject.task?.taskKey
        case .taskName: subject.task?.name
        case .taskRunKey: subject.task?.key
        case .taskStatus: subject.task?.status.wireValue
        case .cause: subject.cause
        case .place: place.workspace
        case .region: place.region
        case .instance: subject.job.place.instanceID
        case .workspaceKey: subject.job.place.workspaceKey
        case .profile: place.profile
        }
    }

    /// Runs a command without a question; its output has its own screen, unless it is discarded.
    mutating func start(_ call: OwnCommandCall, confirmed: ActionConfirmation?) -> [Effect] {
        switch call.output {
        case .pager: inner.append(.command(OwnCommandView(call, at: now)))
        case .none, .terminal: notify("Running: " + call.line)
        }
        return [.ownCommand(.run(call, confirmed: confirmed))]
    }

    /// Shows the output of a command, and how it ended.
    mutating func apply(_ event: OwnCommandEvent) {
        switch event {
        case .printed(let bytes, let number):
            changeCommand(number) { $0.append(bytes) }
        case .ended(let end, let call, let lastLine):
            let now = now
            changeCommand(call.number) { $0.finish(end, at: now) }
            // The last line of its own screen shows it.
            if let shown = shownCommand, shown.call.number == call.number { return }
            let last = SafeText.lines(ofTerminalOutput: lastLine).last ?? ""
            let words = SafeText(call.name) + " " + end.words
            if end.isFailure { warn(words + (last.isEmpty ? "." : ": " + last)) } else { notify(words + ".") }
        }
    }

    private mutating func changeCommand(_ number: Int, _ change: (inout OwnCommandView) -> Void) {
        for depth in inner.indices where inner[depth].command?.call.number == number {
            guard var view = inner[depth].command else { continue }
            change(&view)
            inner[depth].command = view
        }
    }

    /// Handles keys on the output of a running command: `^C` and the keys that go back end it, the second time by force.
    mutating func pressOnCommand(_ key: Key) -> [Effect]? {
        guard let view = shownCommand, view.isRunning else { return nil }
        let intent = keymap.intent(for: key, in: .command)
        let goesBack = intent == .quit || intent == .back && view.pager.marking == nil && view.pager.search == nil
        guard key == .control("c") || goesBack else { return nil }
        shownCommand?.isStopping = true
        return [.ownCommand(.stop(view.call.number, byForce: view.isStopping))]
    }

    mutating func performOnCommand(_ intent: Intent) -> [Effect] {
        guard var view = shownCommand else { return [] }
        if intent == .rootCause {
            if !view.showCause(in: layout.text.size, glyphs: appearance.glyphs, at: now) {
                notify("No line of this text names a cause.")
            }
            shownCommand = view
            return []
        }
        let effects = performOnReader(intent)
        switch intent {
        case .up, .down, .pageUp, .pageDown, .halfPageUp, .halfPageDown, .top, .bottom:
            guard let view = shownCommand else { break }
            let isAtEnd = view.pager.top >= view.layout(in: layout.text.size).lastTop
            shownCommand?.isFollowing = isAtEnd && view.pager.marking == nil
        case .markLines, .fold, .open: shownCommand?.isFollowing = false
        default: break
        }
        return effects
    }
}
