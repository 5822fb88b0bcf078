import Foundation

/// Paths beneath the home directory, by the environment: `HOME`, and the variables of the XDG base directory
/// specification. That says a relative path in them is to be ignored; so is an empty one.
enum HomeFolder {
    /// The path with a leading `~` replaced by the home directory, as a shell does it; any other path as it is.
    static func expandingTilde(_ path: String, _ environment: [String: String]) -> String {
        guard path == "~" || path.hasPrefix("~/") else { return path }
        return home(environment) + path.dropFirst()
    }

    /// Where settings are: `$XDG_CONFIG_HOME/runtop`, or `~/.config/runtop`.
    static func configuration(_ environment: [String: String]) -> String {
        folder("XDG_CONFIG_HOME", else: "/.config", environment)
    }

    /// What is kept from one start to the next: `$XDG_STATE_HOME/runtop`, or `~/.local/state/runtop`.
    static func state(_ environment: [String: String]) -> String {
        folder("XDG_STATE_HOME", else: "/.local/state", environment)
    }

    private static func folder(_ variable: String, else usual: String, _ environment: [String: String]) -> String {
        let base = environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil }
        return (base ?? home(environment) + usual) + "/runtop"
    }

    private static func home(_ environment: [String: String]) -> String {
        environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
    }
}
