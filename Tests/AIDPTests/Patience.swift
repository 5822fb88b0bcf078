import HTTP
import OCIAuth
import TestSupport

@testable import AIDP

// Timeouts for tests whose requests must succeed: a slow test machine must not cause a timeout.

extension ClientSettings {
    static var patient: ClientSettings {
        var settings = ClientSettings()
        settings.timeout = .farOff
        settings.budget = .farOff
        settings.transport = .patient
        return settings
    }
}

/// Multiplies every timeout by a hundred.
struct PatientTransport: HTTPTransport {
    private let transport = SignInTransport(TransportSettings(), userAgent: "runtop")

    func send(_ request: HTTPRequest, timeout: Duration) async throws(TransportError) -> HTTPReply {
        try await transport.send(request, timeout: timeout * 100)
    }
}
