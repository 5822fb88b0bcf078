import Foundation

/// A parsed OCI configuration file: sections of keys and values, each with its line number.
///
/// The format is that of Python's `configparser` as the OCI tools use it: `=` or `:` after a key, keys in any case,
/// comments only on separate lines (`#` and `;` in a value belong to the value). The other sections inherit the keys of
/// the section `DEFAULT`, in capitals. Two differences: an indented line is an ordinary key, and any other line is an
/// error.
struct ConfigFile: Sendable {
    static let defaultProfile = "DEFAULT"

    /// A value and its line number, from 1.
    struct Entry: Sendable, Equatable {
        var value: String
        var line: Int
    }

    /// The path of the file, for messages.
    let path: String
    /// The names of the sections, in the order of the file.
    private(set) var profileNames: [String] = []
    private var sections: [String: [String: Entry]] = [:]

    init(_ text: String, path: String) throws(CredentialsError) {
        self.path = path
        var section: String?
        var sectionLines: [String: Int] = [:]
        for (index, content) in TextLines.trimmed(text).enumerated() {
            let line = index + 1
            if content.isEmpty || content.hasPrefix("#") || content.hasPrefix(";") { continue }
            if content.hasPrefix("[") {
                let name = try sectionName(content, line: line)
                // Only DEFAULT may occur twice: the OCI tools merge the two sections.
                if let first = sectionLines[name], name != Self.defaultProfile {
                    throw syntaxError("the profile [\(name)] is there already, on line \(first)", line: line)
                }
                if sectionLines.updateValue(line, forKey: name) == nil { profileNames.append(name) }
                sections[name] = sections[name] ?? [:]
                section = name
            } else {
                try add(content, to: section, line: line)
            }
        }
    }

    init(_ bytes: [UInt8], path: String) throws(CredentialsError) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CredentialsError(
                "The configuration file \(path) is not UTF-8 text.", advice: "Save it as UTF-8, or name another file.")
        }
        try self.init(text, path: path)
    }

    /// The profile with this name, with the keys that it inherits.
    func profile(named name: String) throws(CredentialsError) -> Profile {
        guard let own = sections[name] else {
            let known = profileNames.isEmpty ? "It has none." : "It has: \(profileNames.joined(separator: ", "))."
            throw CredentialsError(
                "There is no profile \(name) in \(path).", advice: "\(known) Choose one with --profile.")
        }
        let inherited = name == Self.defaultProfile ? [:] : sections[Self.defaultProfile] ?? [:]
        return Profile(name: name, path: path, own: own, inherited: inherited)
    }

    private mutating func add(_ content: String, to section: String?, line: Int) throws(CredentialsError) {
        guard let delimiter = content.firstIndex(where: { $0 == "=" || $0 == ":" }), delimiter > content.startIndex
        else {
            throw syntaxError("it is neither a [profile], a key = value nor a comment", line: line)
        }
        let key = content[..<delimiter].trimmingCharacters(in: .whitespaces).lowercased()
        guard let section else {
            throw syntaxError("the key \(key) comes before the first [profile]", line: line)
        }
        if let first = sections[section]?[key] {
            throw syntaxError("the key \(key) is there already, on line \(first.line)", line: line)
        }
        let value = content[content.index(after: delimiter)...].trimmingCharacters(in: .whitespaces)
        sections[section, default: [:]][key] = Entry(value: value, line: line)
    }

    private func sectionName(_ content: String, line: Int) throws(CredentialsError) -> String {
        guard let end = content.firstIndex(of: "]") else {
            throw syntaxError("the profile's name has no closing ]", line: line)
        }
        let rest = content[content.index(after: end)...].trimmingCharacters(in: .whitespaces)
        guard rest.isEmpty || rest.hasPrefix("#") || rest.hasPrefix(";") else {
            throw syntaxError("something follows the profile's name", line: line)
        }
        let name = content[content.index(after: content.startIndex)..<end].trimmingCharacters(in: .whitespaces)
        guard !name.isEmpty else { throw syntaxError("the profile has no name", line: line) }
        return name
    }

    /// The message does not quote the line, which may contain a pass phrase.
    private func syntaxError(_ why: String, line: Int) -> CredentialsError {
        CredentialsError(
            "Line \(line) of \(path) cannot be understood: \(why).", advice: "Correct that line.",
            kind: .syntax(file: path, line: line))
    }
}

extension ConfigFile: SecretHolder {
    var description: String { "ConfigFile(\(path): \(profileNames.joined(separator: ", ")))" }
}

/// One profile of a configuration file, with the keys it inherits from DEFAULT.
struct Profile: Sendable {
    let name: String
    /// The path of the configuration file.
    let path: String
    private let own: [String: ConfigFile.Entry]
    private let inherited: [String: ConfigFile.Entry]

    /// A profile does not inherit the session of DEFAULT.
    private static let notInherited: Set<String> = ["security_token_file"]

    init(name: String, path: String, own: [String: ConfigFile.Entry], inherited: [String: ConfigFile.Entry]) {
        self.name = name
        self.path = path
        self.own = own
        self.inherited = inherited.filter { !Self.notInherited.contains($0.key) }
    }

    /// The value of a key in the profile, or else in DEFAULT. An empty value counts as not set and hides DEFAULT's.
    subscript(key: String) -> ConfigFile.Entry? {
        let entry = own[key] ?? inherited[key]
        return entry.flatMap { $0.value.isEmpty ? nil : $0 }
    }

    /// Whether the profile itself, not only DEFAULT, has a value for the key.
    func hasOwn(_ key: String) -> Bool {
        own[key].map { !$0.value.isEmpty } ?? false
    }
}

extension Profile: SecretHolder {
    var description: String { "Profile(\(name) in \(path))" }
}

/// The path of the configuration file, and how it was found.
struct ConfigLocation: Sendable, Equatable {
    /// The path, with `~` expanded.
    let path: String
    /// The flag, variable or setting that gives the path, for messages: "--config-file".
    let origin: String

    /// Finds the file. The order is: the flag, `OCI_CLI_CONFIG_FILE`, the program's own settings, `~/.oci/config`,
    /// `OCI_CONFIG_FILE`, `~/.oraclebmc/config`.
    ///
    /// A path from the first three is returned even if the file does not exist: another file would sign in as another
    /// user. The position of `OCI_CONFIG_FILE` is the same as in the OCI SDKs.
    /// - Returns: nil if none of the files exists.
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

/// The lines of a text file with any line endings, with or without a byte order mark.
enum TextLines {
    /// The lines without leading and trailing white space. Keeps empty lines, so that the index gives the line number.
    static func trimmed(_ text: String) -> [String] {
        let mark: Unicode.Scalar = "\u{FEFF}"
        let body = text.unicodeScalars.first == mark ? String(text.unicodeScalars.dropFirst()) : text
        return body.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
