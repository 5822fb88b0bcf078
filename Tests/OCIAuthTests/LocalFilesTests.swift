import Foundation
import Glibc
import Testing

@testable import OCIAuth

@Suite struct LocalFilesTests {
    /// Runs the body with a temporary folder, and removes the folder afterwards.
    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "runtop-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    @Test("a file is read with its mode, and its stamp changes when it does")
    func reads() async throws {
        try withFolder { folder in
            let path = folder.appending(path: "f").path
            try Data("one".utf8).write(to: URL(filePath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
            let file = try LocalFiles().read(path)
            #expect(file.bytes == Array("one".utf8))
            #expect(file.permissions == 0o640)
            #expect(LocalFiles().stamp(of: path) == file.stamp)
            try Data("three".utf8).write(to: URL(filePath: path))
            #expect(LocalFiles().stamp(of: path) != file.stamp)
        }
    }

    @Test("a missing file, a folder, a pipe and a huge file each give a different error")
    func failures() async throws {
        try withFolder { folder in
            let files = LocalFiles()
            let absent = folder.appending(path: "absent").path
            #expect(throws: FileFailure.missing) { try files.read(absent) }
            #expect(throws: FileFailure.missing) { try files.read(absent + "/below") }
            #expect(files.stamp(of: absent) == nil)
            let special = FileFailure.unreadable("it is not a regular file")
            #expect(throws: special) { try files.read(folder.path) }
            let pipe = folder.appending(path: "pipe").path
            #expect(mkfifo(pipe, 0o600) == 0)
            #expect(throws: special) { try files.read(pipe) }
            #expect(throws: special) { try files.read("/dev/zero") }
            let huge = folder.appending(path: "huge")
            try Data(count: (1 << 20) + 1).write(to: huge)
            #expect(throws: FileFailure.unreadable("it is larger than 1 MiB")) { try files.read(huge.path) }
        }
    }

    @Test("a file is replaced atomically, for its owner only, and only if it has not changed since it was read")
    func replaces() throws {
        try withFolder { folder in
            let (files, path) = (LocalFiles(), folder.appending(path: "token").path)
            try Data("old".utf8).write(to: URL(filePath: path))
            let stamp = try #require(files.stamp(of: path))
            try files.replace(path, with: Array("new".utf8), ifStill: stamp)
            #expect(try files.read(path).bytes == Array("new".utf8))
            #expect(try files.read(path).permissions == 0o600)
            try files.replace(path, with: Array("late".utf8), ifStill: stamp)
            #expect(try files.read(path).bytes == Array("new".utf8), "somebody else's newer one wins")
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["token"], "nothing is left over")
            #expect(throws: FileFailure.missing) {
                try files.replace(folder.path + "/absent/token", with: [1], ifStill: stamp)
            }
        }
    }

    @Test("a symbolic link to a token stays, and its target is replaced")
    func replacesBehindLink() throws {
        try withFolder { folder in
            let (files, link) = (LocalFiles(), folder.appending(path: "token").path)
            let target = folder.appending(path: "elsewhere/token")
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("old".utf8).write(to: target)
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "elsewhere/token")
            try files.replace(link, with: Array("new".utf8), ifStill: try #require(files.stamp(of: link)))
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "elsewhere/token")
            #expect(try String(contentsOf: target, encoding: .utf8) == "new")
            #expect(try files.read(link).permissions == 0o600)
            let left = try FileManager.default.contentsOfDirectory(atPath: target.deletingLastPathComponent().path)
            #expect(left == ["token"])
        }
    }

    @Test(
        "the file of another user is distinguished from the current user's and root's",
        .enabled(if: geteuid() == 0, "only root can give a file away"))
    func owners() throws {
        try withFolder { folder in
            let path = folder.appending(path: "f").path
            try Data("x".utf8).write(to: URL(filePath: path))
            #expect(try LocalFiles().read(path).foreignOwner == nil)
            try #require(chown(path, 65_534, 65_534) == 0)
            #expect(try LocalFiles().read(path).foreignOwner == 65_534)
        }
    }

    @Test("a file of exactly the maximum size is read, and its stamp distinguishes size, time and inode")
    func limits() throws {
        try withFolder { folder in
            let path = folder.appending(path: "f")
            try Data(count: 1 << 20).write(to: path)
            let file = try LocalFiles().read(path.path)
            #expect(file.bytes.count == 1 << 20)
            #expect(file.stamp.size == 1 << 20)
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1_000)], ofItemAtPath: path.path)
            #expect(LocalFiles().stamp(of: path.path)?.modifiedSeconds == 1_000)
            let copy = folder.appending(path: "copy")
            try FileManager.default.copyItem(at: path, to: copy)
            #expect(LocalFiles().stamp(of: copy.path)?.inode != file.stamp.inode)
        }
    }

    @Test("credentials are read from real files")
    func credentials() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "runtop-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(Fixture.key("rsa-pkcs8")).write(to: folder.appending(path: "key.pem"))
        let config = OCIHome.apiKeyProfile.replacing("~/.oci/key.pem", with: folder.appending(path: "key.pem").path)
        try Data(config.utf8).write(to: folder.appending(path: "config"))
        let settings = AuthenticationSettings(configFile: folder.appending(path: "config").path, environment: [:])
        let signer = try await settings.credentials(transport: NoNetwork()).authenticator.signer()
        #expect(signer.keyID == "ocid1.tenancy.t/ocid1.user.u/\(Fixture.fingerprint)")
    }
}
