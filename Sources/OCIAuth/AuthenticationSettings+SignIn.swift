import Foundation

extension AuthenticationSettings {
    /// Signs in with a profile, or with the environment variables that replace it.
    func profileCredentials(
        _ identity: IdentitySettings, _ method: SignInMethod, location: ConfigLocation?, origin: Credentials.Origin,
        _ dependencies: Sources
    ) throws(CredentialsError) -> Credentials {
        let read = reading(location, dependencies)
        let found = try resolvedRegion(regionSetting ?? identity[.region], dependencies.files)
        var account = Account(method: method, tenancy: identity[.tenancy]?.value, user: identity[.user]?.value)
        account.keyFile = identity[.keyFile].map { environment.expandingTilde($0.value) }
        let (authenticator, warnings): (any Authenticator, [CredentialsWarning])
        if method == .securityToken {
            let session = try FileBacked<Session>(dependencies.files) { tracked throws(CredentialsError) in
                try read(&tracked).session(reading: &tracked)
            }
            let refresher = try refresher(region: found?.region, dependencies)
            account.tokenFile = identity[.securityTokenFile].map { environment.expandingTilde($0.value) }
            account.user = nil
            (authenticator, warnings) = (
                SessionTokenAuthenticator(session, refresher: refresher, now: dependencies.now), session.warnings
            )
        } else {
            var signer = try FileBacked<RequestSigner>(dependencies.files) { tracked throws(CredentialsError) in
                try read(&tracked).apiKeySigner(reading: &tracked)
            }
            account.fingerprint = try signer.value().keyID.split(separator: "/").last.map(String.init)
            (authenticator, warnings) = (APIKeyAuthenticator(signer), signer.warnings)
        }
        return Credentials(
            authenticator: authenticator, region: found?.region, regionRule: found?.rule, account: account,
            origin: origin, warnings: withoutSilenced(warnings) + (found?.warning.map { [$0] } ?? []))
    }

    private func refresher(region: Region?, _ dependencies: Sources) throws(CredentialsError) -> SessionRefresher? {
        guard refreshesSession else { return nil }
        let service = try IdentityService(
            region: region, environment: environment, transport: dependencies.transport, now: dependencies.now)
        return SessionRefresher(service: service, files: dependencies.files)
    }

    /// Signs in with the identity that OCI provides to this machine, job or pod.
    func principalCredentials(
        _ method: SignInMethod, region: IdentitySettings.Setting?, origin: Credentials.Origin,
        _ dependencies: Sources
    ) async throws(CredentialsError) -> Credentials {
        switch method {
        case .resourcePrincipal: return try resourcePrincipalCredentials(region: region, origin: origin, dependencies)
        case .okeWorkloadIdentity:
            let identity = try WorkloadIdentity(
                environment: environment, files: dependencies.files, transport: dependencies.transport,
                now: dependencies.now)
            let named =
                region
                ?? environment["OCI_RESOURCE_PRINCIPAL_REGION"].map {
                    .init(value: $0, place: "OCI_RESOURCE_PRINCIPAL_REGION")
                }
            let found = try resolvedRegion(named, dependencies.files)
            return federatedCredentials(method, found, origin, dependencies) { () async throws(CredentialsError) in
                try await identity.session()
            }
        case .apiKey, .securityToken, .instancePrincipal:
            let metadata = try InstanceMetadata(environment: environment, transport: dependencies.transport)
            var named = region
            if named == nil {
                named = .init(value: try await metadata.region(), place: "the instance metadata service")
            }
            let found = try resolvedRegion(named, dependencies.files)
            let service = try IdentityService(
                region: found?.region, environment: environment, transport: dependencies.transport,
                now: dependencies.now)
            let principal = InstancePrincipal(metadata: metadata, service: service)
            return federatedCredentials(method, found, origin, dependencies) { () async throws(CredentialsError) in
                try await principal.session()
            }
        }
    }

    private func resourcePrincipalCredentials(
        region: IdentitySettings.Setting?, origin: Credentials.Origin, _ dependencies: Sources
    ) throws(CredentialsError) -> Credentials {
        let principal = try ResourcePrincipal(environment: environment)
        let session = try FileBacked<Session>(dependencies.files) { tracked throws(CredentialsError) in
            try principal.session(reading: &tracked)
        }
        let named = if let region { region } else { try principal.region() }
        let found = try resolvedRegion(named, dependencies.files)
        return Credentials(
            authenticator: SessionTokenAuthenticator(session, now: dependencies.now), region: found?.region,
            regionRule: found?.rule, account: Account(method: .resourcePrincipal), origin: origin,
            warnings: withoutSilenced(session.warnings) + (found?.warning.map { [$0] } ?? []))
    }

    /// Signs in with a session token that is fetched over the network.
    private func federatedCredentials(
        _ method: SignInMethod, _ found: RegionLookup.Found?, _ origin: Credentials.Origin,
        _ dependencies: Sources,
        fetch: @escaping @Sendable () async throws(CredentialsError) -> Session
    ) -> Credentials {
        Credentials(
            authenticator: FederatedAuthenticator(now: dependencies.now, fetch: fetch), region: found?.region,
            regionRule: found?.rule, account: Account(method: method), origin: origin,
            warnings: found?.warning.map { [$0] } ?? [])
    }

    private func resolvedRegion(
        _ setting: IdentitySettings.Setting?, _ files: any CredentialFiles
    ) throws(CredentialsError) -> RegionLookup.Found? {
        guard let setting else { return nil }
        return try RegionLookup(environment: environment, files: files).region(setting)
    }
}
