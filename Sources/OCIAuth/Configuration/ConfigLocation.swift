import Foundation

/// Where the configuration file is looked for, and which one was found.
struct ConfigLocation: Sendable, Equatable {
    /// The path, with `~` expanded.
    let path: String
    /// Where the path comes from, for messages: "--config-file".
    let origin: String

    /// Finds the file: the flag, `OCI_CLI_CONFIG_FILE`, the program's own settings, `~/.oci/config`, `OCI_CONFIG_FILE`,
    /// `~/.oraclebmc/config`.
    ///
    /// An explicit path (the first three) is returned even if there is no file: another file instead would sign in as
    /// somebody else. `OCI_CONFIG_FILE` comes late because the SDKs read it in that order.
    /// - Returns: nil when there is no file in any of the places.
    static func find(
        flag: String?, environment: Environment, default setting: (path: String, place: String)? = nil,
        files: any CredentialFiles
    ) -> ConfigLocation? {
        if let flag { return ConfigLocation(path: environment.expandingTilde(flag), origin: "--config-file") }
        if let path = environment["OCI_CLI_CONFIG_FILE"] {
            return ConfigLocation(path: environment.expandingTilde(path), origin: "OCI_CLI_CONFIG_FILE")
        }
        if let setting {
            return ConfigLocation(path: environment.expandingTilde(setting.path), origin: setting.place)
        }
        let standard = ConfigLocation(path: environment.expandingTilde("~/.oci/config"), origin: "the default location")
        if files.stamp(of: standard.path) != nil { return standard }
        if let path = environment["OCI_CONFIG_FILE"] {
            return ConfigLocation(path: environment.expandingTilde(path), origin: "OCI_CONFIG_FILE")
        }
        let old = ConfigLocation(
            path: environment.expandingTilde("~/.oraclebmc/config"), origin: "the older default location")
        return files.stamp(of: old.path) != nil ? old : nil
    }
}
