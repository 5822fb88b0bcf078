import HTTP
import OCIAuth
import TestSupport

@testable import AIDP

// For every exchange that is to succeed: a busy machine is not a service that hangs.

extension ClientSettings {
    static var patient: ClientSettings {
        var settings = ClientSettings()
        settings.timeout = .farOff
        settings.budget = .farOff
        settings.transport = .patient
        return settings
    }
}

/// Waits a hundred times as long as it is told.
struct PatientTransport: HTTPTransport {
    private let transport = SignInTransport(TransportSettings(), userAgent: "runtop")

    func send(_ request: HTTPRequest, timeout: Duration) async throws(TransportError) -> HTTPReply {
        try await transport.send(request, timeout: timeout * 100)
    }
}
