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
