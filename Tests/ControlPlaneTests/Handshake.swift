import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import TestCertificates

@testable import ControlPlane

/// A TLS connection between this process and itself, whose server sends back what it gets.
final class Handshake: Sendable {
  /// The common name of the certificate that the server showed.
  let serverName: String?
  private let server: any Channel
  private let client: any Channel
  private let answer: EventLoopFuture<String>

  init(
    with reloader: TLSReloader,
    trusting authority: CertificateAuthority,
    as identity: Identity? = nil,
    version: TLSVersion? = nil
  ) async throws {
    let context = try Self.context(trusting: authority, as: identity, version: version)
    server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try reloader.secure(channel)
          try channel.pipeline.syncOperations.addHandler(Echo())
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let end = ClientEnd(on: server.eventLoop)
    answer = end.answer.futureResult
    client = try await ClientBootstrap(group: server.eventLoop).channelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHandlers(
          NIOSSLClientHandler(context: context, serverHostname: nil),
          ClientEnd.Handler(end: end)
        )
      }
    }.connect(host: "127.0.0.1", port: server.localAddress?.port ?? 0).get()
    do {
      try await end.established.futureResult.get()
    } catch {
      try? await server.close()
      throw error
    }
    let certificate = try await client.nioSSL_peerCertificate().get()
    serverName = "\(certificate.map { "\($0)" } ?? "")".firstMatch(of: /common_name=([^;>]*)/)
      .map { String($0.output.1) }
  }

  deinit {
    client.close(promise: nil)
    server.close(promise: nil)
  }

  private static func context(
    trusting authority: CertificateAuthority,
    as identity: Identity?,
    version: TLSVersion?
  ) throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = .certificates(
      try NIOSSLCertificate.fromPEMBytes(Array(authority.certificate.utf8))
    )
    if let identity {
      configuration.certificateChain = try NIOSSLCertificate.fromPEMBytes(
        Array(identity.certificate.utf8)
      ).map { .certificate($0) }
      configuration.privateKey = .privateKey(
        try NIOSSLPrivateKey(bytes: Array(identity.key.utf8), format: .pem)
      )
    }
    if let version {
      configuration.minimumTLSVersion = .tlsv1
      configuration.maximumTLSVersion = version
    }
    return try NIOSSLContext(configuration: configuration)
  }

  /// What comes back, once; a server that refuses a client's certificate says so only here.
  @discardableResult
  func echo(_ text: String) async throws -> String {
    try await client.writeAndFlush(ByteBuffer(string: text))
    return try await answer.get()
  }
}

private final class Echo: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    context.writeAndFlush(data, promise: nil)
  }
}

/// What a client comes to know: that its handshake is done, and the first thing that it is sent.
private struct ClientEnd: Sendable {
  let established: EventLoopPromise<Void>
  let answer: EventLoopPromise<String>

  init(on eventLoop: any EventLoop) {
    established = eventLoop.makePromise()
    answer = eventLoop.makePromise()
  }

  final class Handler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let end: ClientEnd

    init(end: ClientEnd) { self.end = end }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if case .handshakeCompleted = event as? TLSUserEvent { end.established.succeed() }
      context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      end.answer.succeed(String(buffer: unwrapInboundIn(data)))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(error) }

    func channelInactive(context: ChannelHandlerContext) { fail(ChannelError.eof) }

    private func fail(_ error: any Error) {
      end.established.fail(error)
      end.answer.fail(error)
    }
  }
}
