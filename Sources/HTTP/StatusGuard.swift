import NIOCore
import NIOHTTP1

/// Fails a response whose status is outside 100–599 before async-http-client's state machine sees it.
///
/// That state machine treats a status of `000` as informational, and the body that follows crashes the process.
final class StatusGuard: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias InboundOut = HTTPClientResponsePart

    /// The service's reply had an impossible status.
    struct ImpossibleStatus: Error {
        var status: UInt
    }

    private var hasFailed = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // What was read together with the bad head is dropped as well.
        guard !hasFailed else { return }
        if case .head(let head) = unwrapInboundIn(data), !(100...599 ~= head.status.code) {
            hasFailed = true
            context.fireErrorCaught(ImpossibleStatus(status: head.status.code))
            context.close(promise: nil)
            return
        }
        context.fireChannelRead(data)
    }

    /// Puts a guard right behind the decoder of a new connection.
    @Sendable static func install(in channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.submit {
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
            try pipeline.addHandler(StatusGuard(), position: .after(decoder))
        }
    }
}
