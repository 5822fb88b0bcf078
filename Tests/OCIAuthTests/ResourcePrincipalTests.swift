import Foundation
import Synchronization
import Testing

@testable import OCIAuth

@Suite("A resource principal")
struct ResourcePrincipalTests {
    private static let prefix = "OCI_RESOURCE_PRINCIPAL_"
    private let files = InMemoryFiles()

    private func variables(_ changes: [String: String?] = [:]) throws -> [String: String] {
        var variables: [String: String?] = [
            "VERSION": "2.2", "RPST": OCIHome.token, "PRIVATE_PEM": try Fixture.keyText("rsa-pkcs8"), "REGION": "fra",
        ]
        variables.merge(changes) { $1 }
        return Dictionary(
            uniqueKeysWithValues: variables.compactMap { name, value in value.map { (Self.prefix + name, $0) } })
    }

    private func credentials(_ changes: [String: String?] = [:]) async throws(CredentialsError) -> Credentials {
        let environment = (try? variables(changes)) ?? [:]
        let settings = AuthenticationSettings(mode: .resourcePrincipal, environment: environment)
        return try await settings.credentials(
            files: files, transport: NoNetwork(), now: { OCIHome.end - 60 })
    }

    @Test("is read from its variables, without a file or the network")
    func literal() async throws {
        let credentials = try await credentials()
        #expect(try await credentials.authenticator.signer().keyID == "ST$" + OCIHome.token)
        #expect(await credentials.authenticator.expiration() == OCIHome.end)
        #expect(credentials.region?.identifier == "eu-frankfurt-1")
        #expect(credentials.account.method == .resourcePrincipal)
        #expect(credentials.origin == .environment)
    }

    @Test("in files is read again when they change")
    func files() async throws {
        files.write(OCIHome.token, to: "/run/rpst")
        files.write(try Fixture.keyText("rsa-pkcs8"), to: "/run/key")
        let credentials = try await credentials(["RPST": "/run/rpst", "PRIVATE_PEM": "/run/key"])
        let first = try await credentials.authenticator.signer()
        let end = Int(OCIHome.end.timeIntervalSince1970) + 900
        let fresh = Fixture.jwt(claims: #"{"exp":\#(end)}"#)
        files.write(fresh, to: "/run/rpst")
        files.write(try Fixture.keyText("rsa-other"), to: "/run/key")
        let second = try await credentials.authenticator.signer()
        #expect(second.keyID == "ST$" + fresh)
        #expect(second.keyID != first.keyID)
    }

    @Test("decrypts its key with the given pass phrase, which is a value or a file")
    func passPhrase() async throws {
        let key = try Fixture.keyText("rsa-pbes2-aes256")
        let phrase = "correct horse"
        _ = try await credentials(["PRIVATE_PEM": key, "PRIVATE_PEM_PASSPHRASE": phrase])
        files.write(phrase + "\n", to: "/run/phrase")
        _ = try await credentials(["PRIVATE_PEM": key, "PRIVATE_PEM_PASSPHRASE": "/run/phrase"])
        let error = await #expect(throws: CredentialsError.self) { try await credentials(["PRIVATE_PEM": key]) }
        #expect(error?.kind == .key)
        #expect(error?.problem.contains("no pass phrase") == true)
    }

    @Test("that is incomplete names the missing variable", arguments: ["VERSION", "RPST", "PRIVATE_PEM", "REGION"])
    func incomplete(name: String) async throws {
        let error = await #expect(throws: CredentialsError.self) { try await credentials([name: String?.none]) }
        #expect(error?.problem.contains(Self.prefix + name) == true, "\(String(describing: error))")
    }

    @Test("of another version, or with a missing file, is rejected with its name")
    func refused() async throws {
        let version = await #expect(throws: CredentialsError.self) { try await credentials(["VERSION": "1.1"]) }
        #expect(version?.problem.contains("1.1") == true)
        #expect(version?.kind == .unsupported)
        let missing = await #expect(throws: CredentialsError.self) { try await credentials(["RPST": "/nowhere"]) }
        #expect(missing?.problem.contains("/nowhere") == true)
        #expect(missing?.topic == .token)
        let nothing = await #expect(throws: CredentialsError.self) { try await credentials(["RPST": "a b"]) }
        #expect(nothing?.problem.contains("not a token") == true)
    }
}

@Suite("A prompt for a pass phrase")
struct AskedPassPhraseTests {
    /// A user at a keyboard with scripted answers. After the last answer, nothing is typed.
    private final class Person: Sendable {
        private let state: Mutex<(answers: [String?], prompts: [String])>
        init(_ answers: String?...) { state = Mutex((answers, [])) }
        var prompts: [String] { state.withLock { $0.prompts } }

        func answer(_ prompt: String) -> String? {
            state.withLock {
                $0.prompts.append(prompt)
                return $0.answers.isEmpty ? nil : $0.answers.removeFirst()
            }
        }
    }

    private func credentials(
        _ home: OCIHome, _ person: Person, _ variables: [String: String] = [:]
    ) async throws(CredentialsError) -> Credentials {
        let environment = variables.merging(["HOME": "/h"]) { given, _ in given }
        return try await AuthenticationSettings(environment: environment).credentials(
            files: home.files, transport: NoNetwork(), askingPassPhrase: { person.answer($0) })
    }

    @Test("appears once, with the name of the file, and never again when the screen is open")
    func once() async throws {
        let home = try OCIHome()
        home.files.write(try Fixture.keyText("rsa-pbes2-aes256"), to: OCIHome.keyPath)
        let person = Person("correct horse")
        let credentials = try await credentials(home, person)
        #expect(person.prompts == ["Pass phrase of the key file /h/.oci/key.pem: "])
        home.files.write(try Fixture.keyText("rsa-dek-aes256"), to: OCIHome.keyPath)
        _ = try await credentials.authenticator.signer()
        #expect(person.prompts.count == 1, "what was typed opens the file that came after as well")
        home.files.write(try Fixture.keyText("rsa-pbes2-aes256").lowercased(), to: OCIHome.keyPath)
        await #expect(throws: CredentialsError.self) { try await credentials.authenticator.signer() }
        #expect(person.prompts.count == 1)
    }

    @Test("does not appear if there is a pass phrase, or none is needed")
    func needless() async throws {
        let (home, person) = (try OCIHome(), Person("never"))
        _ = try await credentials(home, person)
        home.files.write(try Fixture.keyText("rsa-pbes2-aes256"), to: OCIHome.keyPath)
        _ = try await credentials(home, person, ["OCI_CLI_PASSPHRASE": "correct horse"])
        #expect(person.prompts.isEmpty)
    }

    @Test("appears again after a wrong pass phrase, three times in total")
    func mistyped() async throws {
        let home = try OCIHome()
        home.files.write(try Fixture.keyText("rsa-pbes2-aes256"), to: OCIHome.keyPath)
        let second = Person("wrong horse", "correct horse", "never")
        _ = try await credentials(home, second)
        #expect(second.prompts.count == 2)
        #expect(second.prompts[1].hasPrefix("Wrong pass phrase. "))
        let never = Person("a", "b", "c", "correct horse")
        let error = await #expect(throws: CredentialsError.self) { try await credentials(home, never) }
        #expect(error?.problem.hasPrefix("None of the pass phrases typed opens") == true)
        #expect(error?.kind == .key)
        #expect(never.prompts.count == 3)
    }

    @Test("that gets no answer gives a missing pass phrase, and appears once")
    func notGiven() async throws {
        let home = try OCIHome()
        home.files.write(try Fixture.keyText("rsa-pbes2-aes256"), to: OCIHome.keyPath)
        let silent = Person(nil)
        let error = await #expect(throws: CredentialsError.self) { try await credentials(home, silent) }
        #expect(error?.problem.contains("no pass phrase") == true)
        #expect(error?.kind == .key)
        #expect(silent.prompts.count == 1)
    }
}
