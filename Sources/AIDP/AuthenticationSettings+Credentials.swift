import OCIAuth

extension AuthenticationSettings {
    /// Signs in over the client's own HTTP: the credentials that these settings name.
    ///
    /// - Parameter settings: the trusted authorities, the proxy and the user agent.
    /// - Throws: `CredentialsError` that says what is wrong and what to do about it.
    public func credentials(
        settings: ClientSettings = ClientSettings()
    ) async throws(CredentialsError) -> Credentials {
        try await credentials(transport: IdentityHTTPTransport(settings: settings))
    }
}
