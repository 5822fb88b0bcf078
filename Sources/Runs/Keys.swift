/// The key of a job: opaque text, compared byte for byte.
public struct JobKey: Hashable, Sendable, Comparable, RawRepresentable {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
    public init(_ rawValue: String) { self.rawValue = rawValue }

    public static func < (left: JobKey, right: JobKey) -> Bool { left.rawValue < right.rawValue }
}

/// The key of one run of a job: opaque text.
public struct RunKey: Hashable, Sendable, Comparable, RawRepresentable {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
    public init(_ rawValue: String) { self.rawValue = rawValue }

    public static func < (left: RunKey, right: RunKey) -> Bool { left.rawValue < right.rawValue }
}
