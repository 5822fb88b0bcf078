import Foundation

/// A private folder, which is removed with the object.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "runtop-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// Creates a named pipe, and returns its path.
    func pipe() throws -> String {
        let path = file("pipe").path
        guard mkfifo(path, 0o600) == 0 else { throw NeverHappened(what: "a pipe: \(String(cString: strerror(errno)))") }
        return path
    }

    func file(_ name: String) -> URL { url.appending(path: name) }
}

/// The path of a file in the repository, given relative to its root.
func repositoryFile(_ path: String) -> URL {
    // This file is three folders down.
    (0..<4).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }.appending(path: path)
}

/// Tries again until there is a value. The limit is long enough for a busy machine.
///
/// - Throws: ``NeverHappened`` after the limit.
func eventually<Value>(
    _ what: String, within limit: Duration = .seconds(120), _ look: () throws -> Value?
) throws -> Value {
    let deadline = ContinuousClock.now + limit
    while true {
        if let value = try look() { return value }
        guard ContinuousClock.now < deadline else { throw NeverHappened(what: what) }
        usleep(50_000)
    }
}

struct NeverHappened: Error, CustomStringConvertible {
    let what: String
    var description: String { "never happened: \(what)" }
}

/// The private keys of OCIAuthTests.
enum KeyFixture {
    /// The fingerprint of the RSA key in all its formats.
    static let fingerprint = "fe:47:fd:4c:04:11:36:8c:f9:b7:a7:11:ac:2f:48:89"
    /// The encrypted format, with the pass phrase `correct horse`.
    static let encrypted = "rsa-pbes2-aes256.pem"

    static func file(_ name: String) -> URL {
        repositoryFile("Tests/OCIAuthTests/Fixtures/keys/\(name)")
    }
}
