import NIOCore
import NIOPosix
import Testing

@testable import AIDPSimulator

@Suite("A simulator that stops")
struct StopTests {
    @Test("closes the connections it was just accepting", .timeLimit(.minutes(10)))
    func accepting() async throws {
        for _ in 0..<50 {
            let connecting = try await withSimulator { session in
                (0..<16).map { _ in
                    ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                        .connect(host: "127.0.0.1", port: session.port)
                }
            }
            for connection in connecting {
                // A connection that is too late is refused, which is also correct.
                guard let channel = try? await connection.get() else { continue }
                // The system may accept a connection that the server does not, and then refuse only the data sent on it.
                channel.writeAndFlush(ByteBuffer(string: "G"), promise: nil)
                try await channel.closeFuture.get()
            }
        }
    }
}
