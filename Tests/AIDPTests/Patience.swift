import OCIAuth

@testable import AIDP

// For every exchange that is to succeed: a busy machine is not a service that hangs.

extension Duration {
    /// Further off than the slowest machine is slow.
    static let farOff = Duration.seconds(600)
}

extension ClientSettings {
    static var patient: ClientSettings {
        var settings = ClientSettings()
        settings.timeout = .farOff
        settings.budget = .farOff
        settings.connectTimeout = .farOff
        return settings
    }
}

/// Waits a hundred times as long as it is told.
struct PatientTransport: IdentityTransport {
    private let transport = IdentityHTTPTransport(settings: ClientSettings())

    func send(_ request: IdentityRequest, timeout: Duration) async throws(IdentityTransportError) -> IdentityReply {
        try await transport.send(request, timeout: timeout * 100)
    }
}
