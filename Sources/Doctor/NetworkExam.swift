import AIDPClient
import Foundation
import Screen

/// The way to the service: its name, a connection, TLS.
struct NetworkExam {
    let probe: any EndpointProbing
    let now: @Sendable () -> Date

    /// A certificate that ends within two weeks deserves a word.
    private static let soon: TimeInterval = 14 * 86_400

    /// The findings, and whether the way is open.
    func findings(endpoint: Endpoint?, network: ClientSettings?) async -> (findings: [Finding], isOpen: Bool) {
        guard let endpoint, let network else { return (Self.skipped([.name, .connection, .certificate]), false) }
        let target = endpoint.hostAndPort
        let proxy = network.proxy.flatMap {
            endpoint.isTLS && $0.isUsed(forHost: target.host, port: target.port) ? $0 : nil
        }
        let (host, port) = proxy.map { ($0.host, $0.port) } ?? target
        let what: SafeText = proxy == nil ? "" : "the proxy "
        let through: SafeText = proxy == nil ? "" : ", through the proxy"
        var findings: [Finding] = []
        do throws(ProbeFailure) {
            let addresses = try await probe.addresses(of: host, port: port)
            findings.append(Finding(.name, .passed, what + "\(host) is \(addresses.joined(separator: ", "))"))
        } catch {
            findings.append(
                Finding(.name, .failed, what + SafeText(error.message), advice: SafeText(error.advice)))
            return (findings + Self.skipped([.connection, .certificate]), false)
        }
        let place: SafeText = "\(target.host) port \(target.port)"
        do throws(ProbeFailure) {
            let milliseconds = try await probe.connect(to: target.host, port: target.port, through: proxy)
            findings.append(Finding(.connection, .passed, place + through + ", in \(milliseconds) ms"))
        } catch {
            findings.append(
                Finding(.connection, .failed, place + through + ": \(error.message)", advice: SafeText(error.advice)))
            return (findings + Self.skipped([.certificate]), false)
        }
        let certificate = await certificate(endpoint, network, proxy)
        return (findings + [certificate], certificate.verdict != .failed)
    }

    private func certificate(_ endpoint: Endpoint, _ network: ClientSettings, _ proxy: ProxySettings?) async -> Finding
    {
        guard endpoint.isTLS else { return Finding(.certificate, .passed, "none: plain http to this machine itself") }
        let (host, port) = endpoint.hostAndPort
        let roots: SafeText =
            network.certificateFile.map { "the system's authorities and \($0)" } ?? "the system's authorities"
        do throws(ProbeFailure) {
            let facts = try await probe.handshake(
                with: host, port: port, through: proxy, trusting: network.certificateFile)
            let days = Int(max(0, min(facts.notValidAfter.timeIntervalSince(now()), 1e11)) / 86_400)
            let span = days == 1 ? "1 day" : "\(days) days"
            let text: SafeText =
                "\(facts.version), issued by \(facts.issuer), ends in \(span), trusted by \(roots)"
            guard facts.notValidAfter.timeIntervalSince(now()) < Self.soon else {
                return Finding(.certificate, .passed, text)
            }
            return Finding(.certificate, .warning, text, advice: "Whoever runs the endpoint should renew it.")
        } catch {
            return Finding(
                .certificate, .failed, SafeText(error.message) + (error.isAboutTrust ? " (trusted are \(roots))" : ""),
                advice: SafeText(error.advice))
        }
    }

    static func skipped(_ checks: [Check]) -> [Finding] {
        checks.map { Finding($0, .skipped, "not tried") }
    }
}
