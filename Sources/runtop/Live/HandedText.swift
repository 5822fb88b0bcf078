import Foundation
import Glibc

/// A program of the operator's that shows a text, and the file it is shown in.
struct HandedText {
    /// Why a text cannot be shown in a program: a sentence.
    struct Failure: Error, Hashable {
        let reason: String
    }

    /// The program's file, and its arguments, the name first.
    let path: String
    let arguments: [String]
    /// A folder of its own, for this user alone.
    private let folder: String

    /// Writes the text to a private file.
    ///
    /// - Parameters:
    ///   - name: the name of the file.
    ///   - variables: the environment's variables that may name the program, the first of which has the last word.
    ///   - standard: the program if none of them does.
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

    /// Removes the file and its folder, with all that the program left there.
    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    /// The file of a program: looked for in the folders of `PATH`, unless its name has a `/`.
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

/// The words of a command as a shell splits them. Nothing else of a shell is carried out.
enum ShellWords {
    /// `less -R "a b"` is `less`, `-R` and `a b`; `nil` when a quote is not closed, or the last character is a backslash.
    static func split(_ command: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in command {
            if isEscaped {
                // Within double quotes a backslash is one but for these.
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
