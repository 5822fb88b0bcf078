import Foundation
import OCIAuth
import Screen

/// Checks the credentials, from the configuration file to the region.
struct CredentialsChecks {
    let now: @Sendable () -> Date

    /// A session that expires within this many seconds is a warning.
    private static let soon: TimeInterval = 600

    func findings(of signedIn: Result<Credentials, CredentialsError>) async -> [Finding] {
        switch signedIn {
        case .success(let credentials): await findings(of: credentials)
        case .failure(let error): Self.findings(of: error)
        }
    }

    /// The findings if signing in failed: earlier checks have passed or were not needed, later checks are skipped.
    private static func findings(of error: CredentialsError) -> [Finding] {
        // For a principal, and for an unknown sign-in method, signing in fails before any file is read.
        let readsFiles = ![.unreachable, .refused, .unsupported].contains(error.kind)
        let topics = CredentialsError.Topic.allCases.map { topic in
            if topic < error.topic, readsFiles { return Finding(Check(topic), .passed, "in order") }
            if topic < error.topic { return Finding(Check(topic), .skipped, "not needed for this") }
            if topic > error.topic { return .skipped(Check(topic)) }
            return Finding(Check(topic), error)
        }
        return topics.prefix(1) + [.skipped(.permissions)] + topics.dropFirst()
    }

    private func findings(of credentials: Credentials) async -> [Finding] {
        let account = credentials.account
        return [configuration(credentials)] + permissions(credentials) + [
            profile(credentials), key(account, credentials), await token(credentials), region(credentials),
        ]
    }

    private func configuration(_ credentials: Credentials) -> Finding {
        switch credentials.origin {
        case .profile(_, let file): Finding(.configuration, .passed, SafeText(file))
        case .environment:
            Finding(
                .configuration, .passed,
                credentials.account.method.isPrincipal
                    ? "none: OCI gives the identity" : "none: the environment gives everything")
        }
    }

    private func permissions(_ credentials: Credentials) -> [Finding] {
        let open = credentials.warnings.filter(\.isAboutFileAccess)
        if open.isEmpty { return [Finding(.permissions, .passed, "no other user has access to the files")] }
        return open.map { Finding(.permissions, .warning, SafeText($0.message)) }
    }

    private func profile(_ credentials: Credentials) -> Finding {
        let account = credentials.account
        var parts: [String] = []
        if case .profile(let name, _) = credentials.origin { parts.append(name) }
        parts.append(account.method.rawValue)
        if let user = account.user { parts.append("user \(user)") }
        if let tenancy = account.tenancy { parts.append("tenancy \(tenancy)") }
        return Finding(.profile, .passed, SafeText(parts.joined(separator: ", ")))
    }

    private func key(_ account: Account, _ credentials: Credentials) -> Finding {
        let needless = credentials.warnings.first { if case .needlessPassPhrase = $0 { true } else { false } }
        if let needless { return Finding(.key, .warning, SafeText(needless.message)) }
        let place = account.keyFile ?? (account.method.isPrincipal ? "given by OCI" : "from the environment")
        let matches = account.fingerprint.map { ", fingerprint \($0)" } ?? ""
        return Finding(.key, .passed, SafeText(place + matches))
    }

    private func token(_ credentials: Credentials) async -> Finding {
        guard credentials.account.method != .apiKey else {
            return Finding(.token, .passed, "none: an API key needs none")
        }
        do throws(CredentialsError) {
            // This fetches the first token of a principal.
            try await credentials.authenticator.requireUsable()
        } catch {
            return Finding(.token, error)
        }
        guard let end = await credentials.authenticator.expiration() else {
            return Finding(
                .token, .warning, "its expiry cannot be read: is it a session token?",
                advice: "If requests are refused, run `oci session authenticate`.")
        }
        let left = end.timeIntervalSince(now())
        let text: SafeText = "expires in \(Self.minutes(left))"
        guard left < Self.soon, credentials.account.method == .securityToken else {
            return Finding(.token, .passed, text)
        }
        return Finding(
            .token, .warning, text,
            advice: "Refresh it with `oci session refresh`, or let runtop do so with --refresh-session.")
    }

    private func region(_ credentials: Credentials) -> Finding {
        guard let region = credentials.region, let rule = credentials.regionRule else {
            return Finding(.region, .passed, "none given")
        }
        let unknown = credentials.warnings.first { if case .unknownRegion = $0 { true } else { false } }
        if let unknown { return Finding(.region, .warning, SafeText(unknown.message)) }
        return Finding(
            .region, .passed,
            "\(region.identifier) (\(region.secondLevelDomain)), named by \(rule.namedBy), domain from \(rule.table.rawValue)"
        )
    }

    /// `43 min`, `50 s`.
    private static func minutes(_ seconds: TimeInterval) -> String {
        let whole = Int(min(max(seconds, 0), 1e9))
        return whole < 120 ? "\(whole) s" : "\(whole / 60) min"
    }
}

extension Check {
    init(_ topic: CredentialsError.Topic) {
        switch topic {
        case .configurationFile: self = .configuration
        case .profile: self = .profile
        case .key: self = .key
        case .token: self = .token
        case .region: self = .region
        }
    }
}
