import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// HTTP/1.1 that closes its connections even if no handler serves them.
///
/// A connection that is accepted while the server stops reaches no handler, and NIO stops the whole process when its
/// `NIOAsyncChannel` is released ("Deinited NIOAsyncWriter without calling finish()").
struct ClosingHTTP1Channel: ServerChildChannel {
    /// One connection. The handler that takes its stream closes it; otherwise `deinit` does.
    final class Connection: ServerChildChannelValue {
        typealias Stream = HTTP1Channel.Value

        let channel: any Channel
        private let stream: Mutex<Stream?>

        init(_ stream: Stream) {
            channel = stream.channel
            self.stream = Mutex(stream)
        }

        deinit {
            guard let unserved = takeStream() else { return }
            Task { try? await unserved.executeThenClose { _, _ in } }
        }

        func takeStream() -> Stream? { stream.withLock { $0.take() } }
    }

    private let http: HTTP1Channel

    init(responder: @escaping HTTPChannelHandler.Responder) { http = HTTP1Channel(responder: responder) }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Connection> {
        http.setup(channel: channel, logger: logger).map(Connection.init)
    }

    func handle(value: Connection, logger: Logger) async {
        if let stream = value.takeStream() { await http.handle(value: stream, logger: logger) }
    }
}
