import Foundation

/// An OCI configuration file, parsed: sections of keys and values, each with the line it came from.
///
/// The dialect is that of Python's `configparser` as the OCI tools use it: `=` or `:` after a key, keys in any case,
/// comments on lines of their own only (`#` and `;` inside a value belong to it), and the section `DEFAULT`, spelled
/// exactly so, whose keys the other sections inherit. Two differences: an indented line is a key like any other, and
/// what is neither a section, a key nor a comment is an error.
struct ConfigFile: Sendable {
    static let defaultProfile = "DEFAULT"

    /// A value and the line it stands on, from 1.
    struct Entry: Sendable, Equatable {
        var value: String
        var line: Int
    }

    /// Where the text came from, for messages.
    let path: String
    /// The sections in the order of the file.
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
                // Only DEFAULT may come twice: the OCI tools put the two together.
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

    /// The profile of that name, with the keys it inherits.
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
            throw syntaxError("the key \(key) stands before the first [profile]", line: line)
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

    /// The line is never quoted: it may contain a pass phrase.
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
    /// The file it stands in.
    let path: String
    private let own: [String: ConfigFile.Entry]
    private let inherited: [String: ConfigFile.Entry]

    /// A profile does not inherit the session of another.
    private static let notInherited: Set<String> = ["security_token_file"]

    init(name: String, path: String, own: [String: ConfigFile.Entry], inherited: [String: ConfigFile.Entry]) {
        self.name = name
        self.path = path
        self.own = own
        self.inherited = inherited.filter { !Self.notInherited.contains($0.key) }
    }

    /// The value of a key: the profile's own, or else DEFAULT's. An empty value counts as none and is not replaced by DEFAULT's.
    subscript(key: String) -> ConfigFile.Entry? {
        let entry = own[key] ?? inherited[key]
        return entry.flatMap { $0.value.isEmpty ? nil : $0 }
    }

    /// Whether the profile itself, and not only DEFAULT, has a value for the key.
    func hasOwn(_ key: String) -> Bool {
        own[key].map { !$0.value.isEmpty } ?? false
    }
}

extension Profile: SecretHolder {
    var description: String { "Profile(\(name) in \(path))" }
}

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

/// The lines of a text file with any of the three kinds of line ends, and with or without a byte order mark.
enum TextLines {
    /// The lines without surrounding blanks; empty lines stay, so that an index counts the lines of the file.
    static func trimmed(_ text: String) -> [String] {
        let mark: Unicode.Scalar = "\u{FEFF}"
        let body = text.unicodeScalars.first == mark ? String(text.unicodeScalars.dropFirst()) : text
        return body.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
