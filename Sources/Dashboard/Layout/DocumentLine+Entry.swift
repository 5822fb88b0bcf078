import Screen

extension DocumentLine {
    /// A label and its text, wrapped in its own column. A label that is too long for its column has its own line.
    static func entry(
        _ label: SafeText, _ text: SafeText, column: Int, width: Int, role: Role = .text, isLabelQuiet: Bool? = nil
    ) -> [DocumentLine] {
        let indent = SafeText.spaces(column)
        let label = "  " + label
        let labelColumns = isLabelQuiet ?? (role == .text) ? column : 0
        let rows = text.wrappedAtSpaces(to: max(width - column - 1, 8))
        if label.width >= column {
            return [DocumentLine(text: label, role: role, labelColumns: min(labelColumns, label.width))]
                + rows.map { DocumentLine(text: indent + $0, role: role) }
        }
        return zip([label] + Array(repeating: "", count: max(rows.count - 1, 0)), rows)
            .map { DocumentLine(text: $0.padded(to: column) + $1, role: role, labelColumns: labelColumns) }
    }
}

extension SafeText {
    /// The text, padded with spaces at the end.
    func padded(to columns: Int) -> SafeText { self + SafeText.spaces(columns - width) }

    /// The text, padded with spaces at the start.
    func rightAligned(to columns: Int) -> SafeText { SafeText.spaces(columns - width) + self }
}
