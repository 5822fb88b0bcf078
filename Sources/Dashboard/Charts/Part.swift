import Screen

/// A part of a line with a role. Charts consist of such parts.
struct Part: Hashable, Sendable {
    let text: SafeText
    let role: Role

    init(_ text: SafeText, _ role: Role) { (self.text, self.role) = (text, role) }
}

extension [Part] {
    var width: Int { reduce(0) { $0 + $1.text.width } }

    /// Appends a text, to the last part if that has the same role.
    mutating func add(_ text: SafeText, _ role: Role) {
        guard !text.isEmpty else { return }
        if let last, last.role == role {
            self[count - 1] = Part(last.text + text, role)
        } else {
            append(Part(text, role))
        }
    }
}

extension StyledText {
    init(_ parts: [Part], theme: Theme) { self.init(parts.map { ($0.text, theme.style($0.role)) }) }
}

extension DocumentLine {
    /// A line of several parts with their roles.
    init(_ parts: [Part]) {
        var columns: [RoleSpan] = []
        var start = 0
        for part in parts {
            columns.append(RoleSpan(columns: start..<start + part.text.width, role: part.role))
            start += part.text.width
        }
        self.init(text: parts.map(\.text).joined(), spans: columns)
    }
}
