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
        return homeFolder + path.dropFirst()
    }

    /// The home directory, as `HOME` or else the system says.
    package var homeFolder: String { self["HOME"] ?? NSHomeDirectory() }
}

extension Environment: SecretHolder {
    package var description: String { "Environment(\(variables.count) variables)" }
}

/// A value with a secret inside.
///
/// Its description is written by hand, and `dump`, a debugger's mirror and string interpolation show nothing else.
package protocol SecretHolder: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension SecretHolder {
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A pass phrase, or text that holds a private key.
struct Secret: Sendable, SecretHolder {
    let text: String

    var description: String { "(secret)" }
}
