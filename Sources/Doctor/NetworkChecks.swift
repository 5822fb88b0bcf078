import AIDP
import Foundation
import HTTP
import Screen

/// Checks the network up to the service: its name, a connection, TLS.
struct NetworkChecks {
    let setup: Setup

    /// A certificate that expires within this many seconds, two weeks, is a warning.
    private static let soon: TimeInterval = 14 * 86_400

    /// The findings, and whether the service can be reached.
    func findings(of endpoint: Endpoint?) async -> (findings: [Finding], isReachable: Bool) {
        guard let endpoint, let network = setup.network else {
            return ([.skipped(.name), .skipped(.connection), untestedCertificate], false)
        }
        let probe = setup.probe
        let target = endpoint.hostAndPort
        let proxy = network.transport.proxy.flatMap {
            endpoint.isTLS && $0.isUsed(forHost: target.host, port: target.port) ? $0 : nil
        }
        let (host, port) = proxy.map { ($0.host, $0.port) } ?? target
        let what: SafeText = proxy == nil ? "" : "the proxy "
        let through: SafeText = proxy == nil ? "" : ", through the proxy"
        var findings: [Finding] = []
        do throws(TransportError) {
            let addresses = try await probe.addresses(of: host, port: port)
            findings.append(Finding(.name, .passed, what + "\(host) resolves to \(addresses.joined(separator: ", "))"))
        } catch {
            findings.append(
                Finding(.name, .failed, what + SafeText(error.message), advice: SafeText(error.advice)))
            return (findings + [.skipped(.connection), .skipped(.certificate)], false)
        }
        let place: SafeText = "\(target.host) port \(target.port)"
        do throws(TransportError) {
            let milliseconds = try await probe.connect(to: target.host, port: target.port, through: proxy)
            findings.append(Finding(.connection, .passed, place + through + ", in \(milliseconds) ms"))
        } catch {
            findings.append(
                Finding(.connection, .failed, place + through + ": \(error.message)", advice: SafeText(error.advice)))
            return (findings + [.skipped(.certificate)], false)
        }
        let certificate = await certificate(endpoint, network, proxy)
        return (findings + [certificate], certificate.verdict != .failed)
    }

    /// The finding if there is no connection: an error in the trusted authorities, or else skipped.
    private var untestedCertificate: Finding {
        switch setup.trustRoots {
        case .success: .skipped(.certificate)
        case .failure(let trouble): Finding(.certificate, trouble)
        }
    }

    private func certificate(_ endpoint: Endpoint, _ network: ClientSettings, _ proxy: ProxySettings?) async -> Finding
    {
        guard endpoint.isTLS else { return Finding(.certificate, .passed, "none: plain http to this machine itself") }
        let (host, port) = endpoint.hostAndPort
        let roots = Self.description(of: network.transport.trustRoots)
        do throws(TransportError) {
            let facts = try await setup.probe.handshake(
                with: host, port: port, through: proxy, trusting: network.transport.trustRoots)
            let days = Int(max(0, min(facts.notValidAfter.timeIntervalSince(setup.now()), 1e11)) / 86_400)
            let span = days == 1 ? "1 day" : "\(days) days"
            let text: SafeText =
                "\(facts.version), issued by \(facts.issuer), expires in \(span), trusted by \(roots)"
            guard facts.notValidAfter.timeIntervalSince(setup.now()) < Self.soon else {
                return Finding(.certificate, .passed, text)
            }
            return Finding(.certificate, .warning, text, advice: "Whoever runs the endpoint should renew it soon.")
        } catch {
            return Finding(
                .certificate, .failed,
                SafeText(error.message) + (error.isAboutTrust ? " (runtop trusts \(roots))" : ""),
                advice: SafeText(error.advice))
        }
    }

    private static func description(of roots: TrustRoots) -> SafeText {
        guard let file = roots.file else { return "the system's authorities" }
        return roots.includesSystem ? "the system's authorities and \(file)" : "\(file) alone"
    }
}
