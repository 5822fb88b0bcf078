import Foundation
import Glibc

/// A text file for one of the user's programs, such as a pager, and the command line of the program.
struct HandedText {
    /// Why a program cannot show the text, in a sentence.
    struct Failure: Error, Hashable {
        let reason: String
    }

    /// The path of the program, and its arguments, beginning with its name.
    let path: String
    let arguments: [String]
    /// A new folder that only this user can read.
    private let folder: String

    /// Writes the text to a private file.
    ///
    /// - Parameters:
    ///   - name: the name of the file.
    ///   - variables: the environment variables that may name the program. The first one that is set wins.
    ///   - standard: the program if none of them is set.
    init(
        _ text: String, name: String, variables: [String], standard: String, environment: [String: String]
    ) throws(Failure) {
        let variable = variables.first { !environment[$0, default: ""].allSatisfy(\.isWhitespace) }
        let command = variable.flatMap { environment[$0] } ?? standard
        guard let words = ShellWords.split(command), let program = words.first, !program.isEmpty else {
            throw Failure(reason: "\(variable ?? standard) is “\(command)”: a quote in it is not closed.")
        }
        guard let path = Self.find(program, in: environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin") else {
            let source = variable.map { "\($0) names “\(program)”, which" } ?? "\(program)"
            throw Failure(
                reason:
                    "\(source) is not a program in PATH: install it, or set \(variables.last ?? "it") to another one.")
        }
        var template = Array(((environment["TMPDIR"] ?? "/tmp") + "/runtop-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw Failure(
                reason: "A temporary folder cannot be made (\(String(cString: strerror(errno)))): set TMPDIR.")
        }
        folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        self.path = path
        let file = folder + "/" + name
        arguments = words + [file]
        do {
            try NewFile.write(Data(text.utf8), path: file)
        } catch {
            remove()
            throw Failure(reason: "The text cannot be written to \(file): \(error.reason).")
        }
    }

    /// Removes the file and its folder, with all files that the program created there.
    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    /// The path of a program: found in the folders of `PATH`, unless its name contains a `/`.
    static func find(_ program: String, in path: String) -> String? {
        func isProgram(_ file: String) -> Bool {
            var isFolder: ObjCBool = false
            return access(file, X_OK) == 0 && FileManager.default.fileExists(atPath: file, isDirectory: &isFolder)
                && !isFolder.boolValue
        }
        if program.contains("/") { return isProgram(program) ? program : nil }
        let folders = path.split(separator: ":", omittingEmptySubsequences: false)
        return folders.lazy.map { ($0.isEmpty ? "." : $0) + "/" + program }.first(where: isProgram)
    }
}

/// Splits a command into words as a shell does, but without any other feature of a shell.
enum ShellWords {
    /// `less -R "a b"` becomes `less`, `-R` and `a b`; `nil` if a quote is open or a backslash is last.
    static func split(_ command: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in command {
            if isEscaped {
                // Within double quotes, a backslash escapes only these characters.
                if quote == "\"", !"\"\\$`".contains(character) { word = (word ?? "") + "\\" }
                word = (word ?? "") + String(character)
                isEscaped = false
                continue
            }
            switch (character, quote) {
            case ("\\", nil), ("\\", "\""):
                isEscaped = true
            case (let end, let open?) where end == open:
                quote = nil
            case ("'", nil), ("\"", nil):
                quote = character
                word = word ?? ""
            case (_, nil) where character.isWhitespace:
                if let finished = word { words.append(finished) }
                word = nil
            default:
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil, !isEscaped else { return nil }
        return words + (word.map { [$0] } ?? [])
    }
}
