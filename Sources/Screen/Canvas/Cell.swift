/// One place of a ``Canvas``.
public struct Cell: Sendable, Hashable {
    /// How many columns the cell's cluster takes, as seen from this cell.
    public enum Width: UInt8, Sendable, Hashable {
        /// The right half of the wide cluster in the cell before.
        case rightHalf = 0
        case single = 1
        /// The left half of a wide cluster.
        case wide = 2
    }

    /// The cluster drawn from here; nothing in the right half of a wide one.
    public let text: String
    public let width: Width
    public internal(set) var style: Style

    /// Only a canvas makes cells, and only of safe text.
    init(text: String, width: Width, style: Style) {
        self.text = text
        self.width = width
        self.style = style
    }

    static func blank(_ style: Style) -> Cell {
        Cell(text: " ", width: .single, style: style)
    }

    /// The printable ASCII byte a cell is drawn by, or nothing where it takes more than that.
    public var ascii: UInt8? {
        let bytes = text.utf8
        guard bytes.count == 1, let byte = bytes.first else { return nil }
        return byte
    }
}
