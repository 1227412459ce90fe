import AdminAPI
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

extension HTTPServerBuilder {
  /// HTTP/1.1 for the API; nil speaks in the clear.
  static func http1(for api: AdminAPI, inside tls: TLSReloader?) -> HTTPServerBuilder {
    HTTPServerBuilder { responder in
      let channel = InvitingChannel(api: api, responder: responder)
      guard let tls else { return channel }
      return SecuredChannel(base: channel, tls: tls)
    }
  }
}

/// An HTTP/1.1 connection that answers `Expect: 100-continue` (RFC 9110, section 10.1.1): a client
/// that waits to be asked for its body is not kept waiting.
private struct InvitingChannel: ServerChildChannel {
  private let base: HTTP1Channel

  init(api: AdminAPI, responder: @escaping HTTPChannelHandler.Responder) {
    base = HTTP1Channel { request, writer, channel in
      let expectation = api.expectation(of: request.head)
      if expectation == .invitation {
        try await writer.writeInformationalHead(HTTPResponse(status: .continue))
      }
      try await responder(request, writer, channel)
      // As the answer said: the body may come or not, so what follows could not be told from it.
      if expectation.isRefused { channel.close(mode: .output, promise: nil) }
    }
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
    base.setup(channel: channel, logger: logger).flatMapThrowing { value in
      let pipeline = channel.pipeline.syncOperations
      let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
      try pipeline.addHandler(FormerVersionHandler(), position: .after(decoder))
      return value
    }
  }

  func handle(value: HTTP1Channel.Value, logger: Logger) async {
    await base.handle(value: value, logger: logger)
  }
}

/// Passes over what clients of HTTP/1.0 expect, which must not be invited.
private final class FormerVersionHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .head(var head) = unwrapInboundIn(data), head.version == .http1_0 else {
      context.fireChannelRead(data)
      return
    }
    head.headers.remove(name: "Expect")
    context.fireChannelRead(wrapInboundOut(.head(head)))
  }
}
