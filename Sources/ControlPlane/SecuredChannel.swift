import HummingbirdCore
import Logging
import NIOCore

/// Another kind of HTTP connection, inside TLS.
///
/// Hummingbird's own makes its TLS once; this one asks for it at each connection.
struct SecuredChannel<Base: ServerChildChannel>: ServerChildChannel {
  var base: Base
  var tls: TLSReloader

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
    channel.eventLoop.makeCompletedFuture { try tls.secure(channel) }
      .flatMap { base.setup(channel: channel, logger: logger) }
  }

  func handle(value: Base.Value, logger: Logger) async {
    await base.handle(value: value, logger: logger)
  }
}
