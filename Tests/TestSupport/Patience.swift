import HTTP

// For every exchange that is to succeed: a busy machine is not a service that hangs.

extension Duration {
    /// Further off than the slowest machine is slow.
    package static let farOff = Duration.seconds(600)
}

extension TransportSettings {
    package static var patient: TransportSettings {
        var settings = TransportSettings()
        settings.connectTimeout = .farOff
        return settings
    }
}
