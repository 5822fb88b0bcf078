import Runs
import Screen

/// A command of the operator's own, from the settings file: a program with its arguments, run on what is selected.
package struct OwnCommand: Hashable, Sendable {
    /// How it is called: it can be typed after `:`.
    package var name: String
    /// The key that runs it; `nil` for one that is only typed.
    package var key: Key?
    package var scope: Scope
    /// The program, then its arguments.
    package var arguments: [ArgumentTemplate]
    package var description: String
    package var output: Output
    /// Whether it changes something: then it obeys the gate of the actions.
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

    /// What it is run on.
    package enum Scope: String, Hashable, Sendable, CaseIterable {
        case job
        case run
        case task

        /// The screens on which one is selected.
        package var screens: [KeyContext] {
            switch self {
            case .job: [.jobs, .job]
            case .run: [.runs, .run]
            case .task: [.tasks, .output]
            }
        }
    }

    /// Where its output goes.
    package enum Output: String, Hashable, Sendable, CaseIterable {
        case pager
        /// To the terminal, which the command has for itself until it ends.
        case terminal
        /// Nowhere: a message says how it ended.
        case none
    }

    /// Whether runtop has a command of this name.
    package static func isTaken(_ name: String) -> Bool { Command.isTaken(name) }

    /// The arguments as they stand in the settings, to be read.
    var usage: SafeText { SafeText(ShellText.line(arguments.map(\.source))) }
}

/// A value of the row that a command is run on.
package enum OwnCommandValue: String, Hashable, Sendable, CaseIterable {
    case jobKey = "job.key"
    case jobName = "job.name"
    case runKey = "run.key"
    case runName = "run.name"
    case runStatus = "run.status"
    /// The task's key in its job.
    case taskKey = "task.key"
    case taskName = "task.name"
    /// The key of this run of the task.
    case taskRunKey = "task.run.key"
    case taskStatus = "task.status"
    case cause
    case place
    case region
    case instance = "instance.id"
    case workspaceKey = "workspace.key"
    case profile
}

/// An argument of a command, in which `{job.key}` and others stand for values. However a value looks, it stays within its
/// argument: no shell reads it.
package struct ArgumentTemplate: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        case text(String)
        case value(OwnCommandValue)
    }

    /// As it stands in the settings.
    package let source: String
    private let parts: [Part]

    /// A name in braces that stands for nothing.
    package struct Unknown: Error, Equatable {
        package let name: String
    }

    /// Reads an argument. `{` begins a value where a name of lower-case letters and dots and a `}` follow; `{{` is one `{`.
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
        /// No argument of a program can hold the character NUL.
        case nul(OwnCommandValue)
    }

    /// The argument with its values.
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

/// A command as it will run: every value is in its place.
package struct OwnCommandCall: Hashable, Sendable {
    package let name: String
    /// The program, then its arguments.
    package let arguments: [String]
    package let output: OwnCommand.Output
    package let changesSomething: Bool
    /// The job or the run it was called on.
    package let target: ActionTarget
    /// Its number in this session.
    package var number = 0

    /// The command line as it will run, quoted for reading.
    var line: SafeText { SafeText(ShellText.line(arguments)) }
}
