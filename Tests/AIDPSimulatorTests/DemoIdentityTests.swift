import Foundation
import Testing

@testable import AIDPSimulator

@Suite("The demo's identity") struct DemoIdentityTests {
    private func mode(_ file: URL) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
    }

    @Test("is a private folder with a profile and its key, and is removed completely")
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
        #expect(config.hasPrefix("[DEMO]\n"))
        #expect(config.contains("fingerprint=\(identity.key.fingerprint)\n"))
        #expect(identity.key.fingerprint.wholeMatch(of: /([0-9a-f]{2}:){15}[0-9a-f]{2}/) != nil)

        identity.remove()
        identity.remove()
        #expect(!FileManager.default.fileExists(atPath: identity.folder.path))
    }

    @Test("is the same user at the next start if it is kept, with new tokens")
    func kept() throws {
        let parent = URL.temporaryDirectory.appending(path: "kept-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: parent) }
        let folder = parent.appending(path: "state/simulator", directoryHint: .isDirectory)
        func token(_ identity: DemoIdentity) throws -> String {
            try String(contentsOf: identity.folder.appending(path: "token"), encoding: .utf8)
        }
        let first = try DemoIdentity(keptIn: folder, tokenLifetime: .seconds(60), now: tuesday)
        #expect(try mode(first.folder) == 0o700)
        #expect(first.folder == folder)
        let (firstToken, moment) = (try token(first), Milliseconds(clamping: tuesday))
        first.remove()
        // Meanwhile the folder has become readable for others.
        chmod(folder.path, 0o755)
        let second = try DemoIdentity(keptIn: folder, tokenLifetime: .seconds(60), now: tuesday + 30)
        #expect(try mode(folder) == 0o700)
        #expect(second.key.keyID == first.key.keyID)
        #expect(second.instance.tenancy == first.key.tenancy)
        let grant = try second.tokenIssuer.session(of: firstToken[...], at: moment).grant
        #expect(grant.expiresAt == Date(timeIntervalSince1970: (tuesday + 60).timeIntervalSince1970.rounded(.down)))
        #expect(try token(second) != firstToken)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            #expect(try mode(folder.appending(path: name)) == 0o600, "\(name)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 8)
        // A key that cannot be read is replaced by a new one.
        try Data("garbage".utf8).write(to: folder.appending(path: "key.pem"))
        #expect(try DemoIdentity(keptIn: folder).key.keyID != first.key.keyID)
    }

    @Test("is not kept behind a symbolic link or in a file")
    func notPrivate() throws {
        let parent = URL.temporaryDirectory.appending(path: "kept-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: parent) }
        let (link, file) = (parent.appending(path: "link"), parent.appending(path: "file"))
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: parent)
        try Data().write(to: file)
        for folder in [link, file] {
            let error = #expect(throws: SimulatorError.self) { try DemoIdentity(keptIn: folder) }
            #expect(error?.description.contains("Set XDG_STATE_HOME") == true)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: parent.path).count == 2)
    }

    @Test("says where it could not be written, and what to do")
    func refused() throws {
        let nowhere = URL.temporaryDirectory.appending(path: "no-such-folder")
        let error = #expect(throws: SimulatorError.self) { try DemoIdentity(in: nowhere) }
        #expect(try #require(error).description.contains(nowhere.path))
        #expect(error?.description.contains("TMPDIR") == true)
    }

    @Test("is printed for other clients, as lines to paste")
    func guide() throws {
        let identity = try DemoIdentity(in: .temporaryDirectory)
        defer { identity.remove() }
        let guide = ClientGuide(port: 8080, identity: identity, settings: SimulatorSettings())
        #expect(guide.shell.contains("export AIDP_ENDPOINT=http://127.0.0.1:8080\n"))
        #expect(guide.shell.contains("export OCI_CLI_CONFIG_FILE='\(identity.configFile.path)'\n"))
        #expect(guide.shell.contains("export AIDP_WORKSPACE_KEY=\(SimulatorSettings().workspaceKey)\n"))
        #expect(guide.shell.contains("export AIDP_INSTANCE_ID=\(SimulatorSettings().instanceID)\n"))
        #expect(guide.shell.hasSuffix("export OCI_CLI_PROFILE=DEFAULT\nruntop"))
        let program = ClientGuide(port: 1, identity: identity, settings: SimulatorSettings(), program: "/a b/runtop")
        #expect(program.shell.hasSuffix("\n'/a b/runtop'"))
        #expect(program.otherWays.contains("# '/a b/runtop' --profile"))
        #expect(guide.otherWays.contains("export OCI_METADATA_BASE_URL='http://127.0.0.1:8080/opc/v2'\n"))
        #expect(guide.otherWays.contains("export OCI_SDK_AUTH_CLIENT_REGION_URL='http://127.0.0.1:8080'\n"))
        #expect(guide.otherWays.contains("export OCI_RESOURCE_PRINCIPAL_VERSION='2.2'\n"))
        #expect(guide.python.contains(identity.configFile.path))
        #expect(guide.python.contains("service_endpoint=\"http://127.0.0.1:8080\""))
    }
}
