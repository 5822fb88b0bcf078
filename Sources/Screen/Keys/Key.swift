/// A key, or what stands for one, as a person names it.
public enum Key: Sendable, Hashable {
    case character(Character)
    /// A letter (lower case) or one of `@ [ \ ] ^ _` with Ctrl held.
    case control(Character)
    /// A character with Alt held.
    case alt(Character)
    case up, down, left, right
    case home, end, pageUp, pageDown
    case enter, escape, tab, backTab, backspace, insert, delete
    /// F1 is 1.
    case function(Int)
    /// Text from the clipboard, which is text and never keys.
    case paste(String)
}
