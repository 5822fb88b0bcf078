import Foundation

/// Counts the contents of a value: each element of its collections and each byte of its texts, at any depth. Objects
/// are counted only at the top level and if they are the box of a value.
struct RetainedValues {
    private(set) var count = 0
    /// The count by path, two levels deep.
    private(set) var byPath: [String: Int] = [:]

    init(of object: Any) {
        for child in Mirror(reflecting: object).children {
            let before = count
            add(child.value, path: child.label ?? "", depth: 0)
            byPath[child.label ?? "", default: 0] += count - before
        }
    }

    private mutating func add(_ value: Any, path: String, depth: Int) {
        if let text = value as? String {
            // A string of up to 15 bytes needs no memory of its own.
            count += text.utf8.count > 15 ? text.utf8.count : 0
            return
        }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .class where !String(describing: type(of: value)).hasPrefix("Shared<"), .foreignReference: return
        case .collection, .dictionary, .set: count += mirror.children.count
        default: break
        }
        for child in mirror.children {
            let before = count
            add(child.value, path: path, depth: depth + 1)
            if depth == 0, let label = child.label { byPath["\(path).\(label)", default: 0] += count - before }
        }
    }
}
