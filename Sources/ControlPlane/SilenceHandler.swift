import NIOCore

/// Closes a connection from which nothing comes any more, not even answers to pings.
///
/// gRPC's keepalive only asks such a client to leave, and waits for its answer.
final class SilenceHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  /// Puts the handler in front of those that are to come.
  static func add(to channel: any Channel, limit: TimeAmount) throws {
    try channel.pipeline.syncOperations.addHandlers(
      IdleStateHandler(readTimeout: limit),
      SilenceHandler()
    )
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent {
      context.close(promise: nil)
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }
}
