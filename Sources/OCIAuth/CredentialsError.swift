import Foundation

/// Why there are no usable credentials: what is wrong, where, and what to do about it.
public struct CredentialsError: Error, Sendable, Equatable {
    /// What is wrong and where, one sentence. It may quote a file or a variable, so it is not yet fit for a screen.
    public var problem: String
    /// What to do about it, one sentence.
    public var advice: String
    /// The kind of error, for code that acts on it.
    public var kind: Kind
    /// What it is about, for a report that checks one thing after the other.
    public var topic: Topic

    public init(_ problem: String, advice: String, kind: Kind = .configuration, topic: Topic? = nil) {
        self.problem = problem
        self.advice = advice
        self.kind = kind
        self.topic = topic ?? Topic(kind)
    }

    /// What signing in needs, in the order it is checked.
    public enum Topic: Int, Sendable, Equatable, Comparable, CaseIterable {
        case configurationFile, profile, key, token, region

        fileprivate init(_ kind: Kind) {
            switch kind {
            case .syntax, .unreadableFile: self = .configurationFile
            case .configuration, .unsupported: self = .profile
            case .key: self = .key
            case .expiredToken, .unreachable, .refused: self = .token
            }
        }

        public static func < (one: Topic, other: Topic) -> Bool { one.rawValue < other.rawValue }
    }

    /// The kinds of errors that are handled differently.
    public enum Kind: Sendable, Equatable {
        /// A setting is missing, contradicts another or makes no sense.
        case configuration
        /// The configuration file cannot be parsed; `line` counts from 1.
        case syntax(file: String, line: Int)
        /// A file that was named or is required cannot be read.
        case unreadableFile(String)
        /// The private key cannot be used: its form, its pass phrase or its fingerprint.
        case key
        /// The session token on disk expired then.
        case expiredToken(Date)
        /// A sign-in method that this version does not have.
        case unsupported
        /// The metadata service or the identity service gave no usable answer; a retry may succeed.
        case unreachable
        /// The identity service refuses.
        case refused
    }
}

extension CredentialsError: LocalizedError {
    public var errorDescription: String? { "\(problem) \(advice)" }
    public var recoverySuggestion: String? { advice }
}
