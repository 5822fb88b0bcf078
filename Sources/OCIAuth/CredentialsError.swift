import Foundation

/// Why there are no usable credentials: what is wrong, where, and what to do.
public struct CredentialsError: Error, Sendable, Equatable {
    /// What is wrong and where, in one sentence. It may quote a file or a variable: sanitize it before you show it.
    public var problem: String
    /// What to do, in one sentence.
    public var advice: String
    /// The kind of error, for code that switches on it.
    public var kind: Kind
    /// The part of the credentials that the error is about, for a report that checks them one by one.
    public var topic: Topic

    public init(_ problem: String, advice: String, kind: Kind = .configuration, topic: Topic? = nil) {
        self.problem = problem
        self.advice = advice
        self.kind = kind
        self.topic = topic ?? Topic(kind)
    }

    /// The parts of the credentials, in the order in which they are checked.
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

    public enum Kind: Sendable, Equatable {
        /// A setting is missing, invalid, or contradicts another one.
        case configuration
        /// The configuration file cannot be parsed. `line` counts from 1.
        case syntax(file: String, line: Int)
        /// A file that is configured or required cannot be read.
        case unreadableFile(String)
        /// The private key cannot be used because of its format, its pass phrase or its fingerprint.
        case key
        /// The session token on disk has expired, at this time.
        case expiredToken(Date)
        /// This version does not support the sign-in method.
        case unsupported
        /// The metadata service or the identity service gave no usable answer. A retry may succeed.
        case unreachable
        /// The identity service rejected the request.
        case refused
    }
}

extension CredentialsError: LocalizedError {
    public var errorDescription: String? { "\(problem) \(advice)" }
    public var recoverySuggestion: String? { advice }
}
