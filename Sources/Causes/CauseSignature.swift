/// What the causes of equal failures have in common: the text of a cause without its numbers, ids, times and paths.
package struct CauseSignature: Hashable, Sendable {
    /// The text to show: each number is `#`, each other part that varies `…`.
    package let text: String

    /// - Parameter cause: the text of a ``Cause``.
    package init(_ cause: String) {
        var text = ""
        for character in cause {
            if character.isNumber {
                if text.last != "#" { text.append("#") }
            } else {
                text.append(character)
            }
        }
        self.text = text
    }
}
