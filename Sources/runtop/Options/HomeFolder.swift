import Foundation

/// Paths below the home directory, from `HOME` and the variables of the XDG base directory specification. As that
/// requires, relative and empty paths in the variables are ignored.
enum HomeFolder {
    /// The path with a leading `~` replaced by the home directory, as in a shell; any other path is unchanged.
    static func expandingTilde(_ path: String, _ environment: [String: String]) -> String {
        guard path == "~" || path.hasPrefix("~/") else { return path }
        return home(environment) + path.dropFirst()
    }

    /// The folder for settings: `$XDG_CONFIG_HOME/runtop`, or `~/.config/runtop`.
    static func configuration(_ environment: [String: String]) -> String {
        folder("XDG_CONFIG_HOME", else: "/.config", environment)
    }

    /// The folder for data that is kept between starts: `$XDG_STATE_HOME/runtop`, or `~/.local/state/runtop`.
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
