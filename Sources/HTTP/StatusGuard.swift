import NIOCore
import NIOHTTP1

/// Rejects a response whose status is outside 100–599 before it reaches async-http-client's state machine.
///
/// That state machine treats the status `000` as informational, and then crashes the process when the body follows.
final class StatusGuard: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias InboundOut = HTTPClientResponsePart

    /// The response has a status that does not exist.
    struct ImpossibleStatus: Error {
        var status: UInt
    }

    private var hasFailed = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // Parts that were read together with the bad head are dropped as well.
        guard !hasFailed else { return }
        if case .head(let head) = unwrapInboundIn(data), !(100...599 ~= head.status.code) {
            hasFailed = true
            context.fireErrorCaught(ImpossibleStatus(status: head.status.code))
            context.close(promise: nil)
            return
        }
        context.fireChannelRead(data)
    }

    /// Adds a guard behind the decoder of a new connection.
    @Sendable static func install(in channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.submit {
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
            try pipeline.addHandler(StatusGuard(), position: .after(decoder))
        }
    }
}
