import Dashboard
import Screen
import Yams

/// The user's own commands, from `commands` in the settings file.
enum OwnCommandSettings {
    /// Reads the list.
    ///
    /// - Parameter keymap: the keys that are in use.
    /// - Throws: ``SettingsFile/Wrong`` with the line of the error.
    static func read(_ node: Node, keymap: Keymap) throws -> [OwnCommand] {
        guard let list = node.sequence else {
            throw wrong(node, "commands must be a list of mappings with name, scope and argv")
        }
        var commands: [OwnCommand] = []
        for item in list {
            let command = try command(item)
            try check(command, item, before: commands, keymap)
            commands.append(command)
        }
        return commands
    }

    private static let fields = ["name", "key", "scope", "argv", "description", "output", "mutates"]

    private static func wrong(_ node: Node, _ problem: String) -> SettingsFile.Wrong {
        SettingsFile.Wrong(problem: (node.mark.map { "line \($0.line): " } ?? "") + problem)
    }

    private static func command(_ node: Node) throws -> OwnCommand {
        guard let mapping = node.mapping else {
            throw wrong(node, "a command must be a mapping with name, scope and argv")
        }
        for (field, _) in mapping where !fields.contains(field.string ?? "") {
            throw wrong(
                field, "unknown setting \(field.string ?? "") of a command; known: \(fields.joined(separator: ", "))")
        }
        let name = try text(mapping, "name", in: node)
        let isWord = name.utf8.first.map { $0 >= UInt8(ascii: "a") } == true
        guard isWord, name.allSatisfy({ $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }) else {
            throw wrong(
                mapping["name"] ?? node,
                "the command's name is “\(name)”, and must be lower-case letters, digits and dashes, such as open-logs")
        }
        var command = OwnCommand(
            name: name, scope: try choice(mapping, "scope", of: name, in: node), arguments: [])
        command.arguments = try arguments(mapping["argv"] ?? node, of: name)
        if let key = mapping["key"] {
            guard let read = (try? scalar(key, "key", of: name)).flatMap(Key.init(name:)) else {
                throw wrong(
                    key,
                    "command \(name): unknown key \(key.string ?? ""); a key is a single character, or a name such as f7 or alt-x"
                )
            }
            command.key = read
        }
        if let description = mapping["description"] {
            command.description = try scalar(description, "description", of: name)
        }
        if mapping["output"] != nil { command.output = try choice(mapping, "output", of: name, in: node) }
        if let mutates = mapping["mutates"] {
            guard let value = mutates.bool else {
                throw wrong(mutates, "command \(name): mutates must be true or false")
            }
            command.changesSomething = value
        }
        return command
    }

    private static func scalar(_ node: Node, _ field: String, of name: String) throws -> String {
        guard let text = node.scalar?.string else { throw wrong(node, "command \(name): \(field) must be a text") }
        return text
    }

    private static func text(_ mapping: Node.Mapping, _ field: String, in node: Node) throws -> String {
        guard let value = mapping[Node(field)]?.scalar?.string, !value.isEmpty else {
            throw wrong(mapping[Node(field)] ?? node, "a command needs a \(field)")
        }
        return value
    }

    private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ mapping: Node.Mapping, _ field: String, of name: String, in node: Node
    ) throws -> Choice {
        let allowed = Choice.allCases.map(\.rawValue).joined(separator: " or ")
        guard let value = mapping[Node(field)] else {
            throw wrong(node, "command \(name) needs a \(field): \(allowed)")
        }
        guard let choice = value.scalar.flatMap({ Choice(rawValue: $0.string) }) else {
            throw wrong(value, "command \(name): \(field) is “\(value.scalar?.string ?? "")”, and may be \(allowed)")
        }
        return choice
    }

    private static func arguments(_ node: Node, of name: String) throws -> [ArgumentTemplate] {
        guard let list = node.sequence, !list.isEmpty else {
            throw wrong(node, "command \(name) needs argv: a list of the program and its arguments, such as [jq, .]")
        }
        var templates: [ArgumentTemplate] = []
        for item in list {
            let text = try scalar(item, "each part of argv", of: name)
            guard !text.utf8.contains(0) else { throw wrong(item, "command \(name): an argument has a NUL character") }
            do throws(ArgumentTemplate.Unknown) {
                templates.append(try ArgumentTemplate(text))
            } catch {
                let known = OwnCommandValue.allCases.map { "{\($0.rawValue)}" }.joined(separator: ", ")
                throw wrong(
                    item,
                    "command \(name): unknown placeholder {\(error.name)}; known: \(known); {{ stands for a brace")
            }
        }
        guard let program = templates.first, !program.hasValues, !program.source.isEmpty else {
            throw wrong(list[0], "command \(name): the program must be a plain text without placeholders")
        }
        return templates
    }

    /// Rejects a name or a key that is in use.
    private static func check(
        _ command: OwnCommand, _ node: Node, before others: [OwnCommand], _ keymap: Keymap
    ) throws {
        let name = command.name
        if OwnCommand.isTaken(name) {
            throw wrong(node["name"] ?? node, "command \(name): runtop has a command of that name")
        }
        if others.contains(where: { $0.name == name }) {
            throw wrong(node["name"] ?? node, "there are two commands named \(name)")
        }
        guard let key = command.key else { return }
        let keyNode = node["key"] ?? node
        for screen in command.scope.screens {
            if let action = keymap.action(for: key, on: screen) {
                throw wrong(
                    keyNode,
                    "command \(name): the key \(key.name) means \(action) on the screen “\(screen.rawValue)”")
            }
            if let other = others.first(where: { $0.key == key && $0.scope.screens.contains(screen) }) {
                throw wrong(keyNode, "the key \(key.name) is that of both \(other.name) and \(name)")
            }
        }
    }
}
