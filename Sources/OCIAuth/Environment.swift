import Foundation

/// The environment variables of the process, and the home directory.
package struct Environment: Sendable {
    private let variables: [String: String]

    package init(_ variables: [String: String]) {
        self.variables = variables
    }

    /// The value of a variable. An empty variable counts as not set.
    package subscript(name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Whether a variable is set to one of the values that the OCI tools treat as true.
    func isOn(_ name: String) -> Bool {
        ["true", "1", "yes", "on"].contains(self[name]?.lowercased())
    }

    /// Replaces a leading `~` by the home directory. Returns any other path unchanged.
    package func expandingTilde(_ path: String) -> String {
        guard path == "~" || path.hasPrefix("~/") else { return path }
        return homeFolder + path.dropFirst()
    }

    /// The home directory, from `HOME` or else from the system.
    package var homeFolder: String { self["HOME"] ?? NSHomeDirectory() }
}

extension Environment: SecretHolder {
    package var description: String { "Environment(\(variables.count) variables)" }
}

/// A value that contains a secret.
///
/// `dump`, a debugger and string interpolation show only its `description`, which must not contain the secret.
package protocol SecretHolder: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension SecretHolder {
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A pass phrase, or text that contains a private key.
struct Secret: Sendable, SecretHolder {
    let text: String

    var description: String { "(secret)" }
}
