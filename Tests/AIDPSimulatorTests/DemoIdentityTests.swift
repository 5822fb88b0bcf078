import Foundation
import Testing

@testable import AIDPSimulator

@Suite("The demo's identity") struct DemoIdentityTests {
    private func mode(_ file: URL) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
    }

    @Test("is a private folder with a profile and its key, and goes without a trace")
    func folder() throws {
        let identity = try DemoIdentity(in: .temporaryDirectory, profile: "DEMO")
        defer { identity.remove() }
        #expect(try mode(identity.folder) == 0o700)
        let files = try FileManager.default.contentsOfDirectory(at: identity.folder, includingPropertiesForKeys: nil)
        #expect(
            files.map(\.lastPathComponent).sorted()
                == ["config", "key.pem", "resource.pem", "rpst", "service-account-token", "session.pem", "token"])
        for file in files { #expect(try mode(file) == 0o600) }
        let config = try String(contentsOf: identity.configFile, encoding: .utf8)
        #expect(config.hasPrefix("[DEMO]\n") && config.contains("fingerprint=\(identity.key.fingerprint)\n"))
        #expect(identity.key.fingerprint.wholeMatch(of: /([0-9a-f]{2}:){15}[0-9a-f]{2}/) != nil)

        identity.remove()
        identity.remove()
        #expect(!FileManager.default.fileExists(atPath: identity.folder.path))
    }

    @Test("says where it could not be written, and what to do")
    func refused() throws {
        let nowhere = URL.temporaryDirectory.appending(path: "no-such-folder")
        let error = #expect(throws: DemoIdentityError.self) { try DemoIdentity(in: nowhere) }
        #expect(try #require(error).description.contains(nowhere.path) && error?.description.contains("TMPDIR") == true)
    }

    @Test("is told to other clients in lines to paste")
    func guide() throws {
        let identity = try DemoIdentity(in: .temporaryDirectory)
        defer { identity.remove() }
        let guide = ClientGuide(port: 8080, identity: identity, settings: SimulatorSettings())
        #expect(guide.shell.contains("export AIDP_ENDPOINT=http://127.0.0.1:8080\n"))
        #expect(guide.shell.contains("export OCI_CLI_CONFIG_FILE='\(identity.configFile.path)'\n"))
        #expect(
            guide.python.contains(identity.configFile.path)
                && guide.python.contains("service_endpoint=\"http://127.0.0.1:8080\""))
    }
}
