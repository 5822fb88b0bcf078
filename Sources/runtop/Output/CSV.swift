/// Rows of RFC 4180: fields with a comma, a quote or a line break in quotes, quotes doubled.
///
/// A field that a spreadsheet would take for a formula begins with an apostrophe, as OWASP advises.
enum CSV {
    static func row(_ fields: [String]) -> String {
        fields.map(field).joined(separator: ",") + "\r\n"
    }

    private static func field(_ text: String) -> String {
        // By scalars: "\r\n" is one character.
        let isFormula = text.unicodeScalars.first.map { "=+-@\t\r".unicodeScalars.contains($0) } ?? false
        let plain = isFormula ? "'" + text : text
        guard plain.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) || isFormula else {
            return plain
        }
        return "\"" + plain.replacing("\"", with: "\"\"") + "\""
    }
}
