import Foundation

/// The environment variables of the process, and the home directory that `~` stands for.
package struct Environment: Sendable {
    private let variables: [String: String]

    package init(_ variables: [String: String]) {
        self.variables = variables
    }

    /// The value of a variable; an empty one counts as not set.
    package subscript(name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Whether a switch is on, as the OCI tools read it.
    func isOn(_ name: String) -> Bool {
        ["true", "1", "yes", "on"].contains(self[name]?.lowercased())
    }

    /// The path with a leading `~` made into the home directory; any other path as it is.
    package func expandingTilde(_ path: String) -> String {
        guard path == "~" || path.hasPrefix("~/") else { return path }
        return (self["HOME"] ?? NSHomeDirectory()) + path.dropFirst()
    }
}

extension Environment: SecretHolder {
    package var description: String { "Environment(\(variables.count) variables)" }
}
