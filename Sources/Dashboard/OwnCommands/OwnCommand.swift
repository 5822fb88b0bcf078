import Runs
import Screen

/// One of the user's own commands, from the settings file: a program with arguments, to run on the selected row.
package struct OwnCommand: Hashable, Sendable {
    /// The name, which can be typed after `:`.
    package var name: String
    /// The key that runs it; `nil` if it can only be typed.
    package var key: Key?
    package var scope: Scope
    /// The program, then its arguments.
    package var arguments: [ArgumentTemplate]
    package var description: String
    package var output: Output
    /// Whether it changes something: then it must pass the action gate.
    package var changesSomething: Bool

    package init(
        name: String, key: Key? = nil, scope: Scope, arguments: [ArgumentTemplate], description: String = "",
        output: Output = .pager, changesSomething: Bool = false
    ) {
        self.name = name
        self.key = key
        self.scope = scope
        self.arguments = arguments
        self.description = description
        self.output = output
        self.changesSomething = changesSomething
    }

    /// What the command runs on.
    package enum Scope: String, Hashable, Sendable, CaseIterable {
        case job
        case run
        case task

        /// The screens on which a row or page of this kind is selected.
        package var screens: [KeyContext] {
            switch self {
            case .job: [.jobs, .job]
            case .run: [.runs, .run]
            case .task: [.tasks, .output]
            }
        }
    }

    /// The destination of the output.
    package enum Output: String, Hashable, Sendable, CaseIterable {
        case pager
        /// The terminal, which belongs to the command until it ends.
        case terminal
        /// Discarded: a message says how the command ended.
        case none
    }

    /// Whether runtop itself has a command of this name.
    package static func isTaken(_ name: String) -> Bool { Command.isTaken(name) }

    /// The arguments as written in the settings, for display.
    var usage: SafeText { SafeText(ShellText.line(arguments.map(\.source))) }
}

/// A value of the row on which a command runs.
package enum OwnCommandValue: String, Hashable, Sendable, CaseIterable {
    case jobKey = "job.key"
    case jobName = "job.name"
    case runKey = "run.key"
    case runName = "run.name"
    case runStatus = "run.status"
    /// The task's key in its job.
    case taskKey = "task.key"
    case taskName = "task.name"
    /// The key of the task run.
    case taskRunKey = "task.run.key"
    case taskStatus = "task.status"
    case cause
    case place
    case region
    case instance = "instance.id"
    case workspaceKey = "workspace.key"
    case profile
}

/// An argument of a command, with placeholders such as `{job.key}`. A value always stays within its argument, because no
/// shell reads it.
package struct ArgumentTemplate: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        case text(String)
        case value(OwnCommandValue)
    }

    /// The text in the settings.
    package let source: String
    private let parts: [Part]

    /// A name in braces that is not a placeholder.
    package struct Unknown: Error, Equatable {
        package let name: String
    }

    /// Parses an argument. A placeholder is a name of lower-case letters and dots in braces; `{{` means `{`.
    package init(_ source: String) throws(Unknown) {
        self.source = source
        var parts: [Part] = []
        var text = ""
        var rest = source[...]
        while let first = rest.popFirst() {
            guard first == "{" else {
                text.append(first)
                continue
            }
            if rest.first == "{" {
                rest.removeFirst()
                text.append("{")
                continue
            }
            let name = rest.prefix { $0.isASCII && $0.isLowercase || $0 == "." }
            guard !name.isEmpty, rest.dropFirst(name.count).first == "}" else {
                text.append("{")
                continue
            }
            guard let value = OwnCommandValue(rawValue: String(name)) else { throw Unknown(name: String(name)) }
            rest = rest.dropFirst(name.count + 1)
            if !text.isEmpty { parts.append(.text(text)) }
            text = ""
            parts.append(.value(value))
        }
        if !text.isEmpty { parts.append(.text(text)) }
        self.parts = parts
    }

    package var hasValues: Bool {
        parts.contains { if case .value = $0 { true } else { false } }
    }

    /// Why a command cannot be run on a row.
    enum Unusable: Error, Equatable {
        case absent(OwnCommandValue)
        /// An argument of a program cannot contain the character NUL.
        case nul(OwnCommandValue)
    }

    /// The argument with its placeholders replaced.
    func filled(_ value: (OwnCommandValue) -> String?) throws(Unusable) -> String {
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .value(let name):
                guard let found = value(name), !found.isEmpty else { throw .absent(name) }
                guard !found.utf8.contains(0) else { throw .nul(name) }
                result += found
            }
        }
        return result
    }
}

/// A command with all placeholders replaced, ready to run.
package struct OwnCommandCall: Hashable, Sendable {
    package let name: String
    /// The program, then its arguments.
    package let arguments: [String]
    package let output: OwnCommand.Output
    package let changesSomething: Bool
    /// The job or the run on which it runs.
    package let target: ActionTarget
    /// Its number in this session.
    package var number = 0

    /// The command line that will run, quoted for display.
    var line: SafeText { SafeText(ShellText.line(arguments)) }
}
