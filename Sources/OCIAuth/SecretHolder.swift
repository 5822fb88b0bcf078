/// A value with a secret inside.
///
/// Its description is written by hand, and `dump`, a debugger's mirror and string interpolation show nothing else.
public protocol SecretHolder: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension SecretHolder {
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A pass phrase, or text that holds a private key.
struct Secret: Sendable, SecretHolder {
    let text: String

    var description: String { "(secret)" }
}
