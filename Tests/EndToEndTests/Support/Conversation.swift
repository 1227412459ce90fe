import NIOCore
import NIOPosix
import NIOSSL

/// A connection of bytes, as a client has it.
struct Conversation {
  private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
  private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  private var heard = ""

  /// Connects to a port of this machine, inside TLS if a context is given.
  static func with(
    port: Int,
    tls: NIOSSLContext? = nil,
    _ body: (inout Conversation) async throws -> Void
  ) async throws {
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls {
            let handler = try NIOSSLClientHandler(context: tls, serverHostname: "localhost")
            try channel.pipeline.syncOperations.addHandler(handler)
          }
          return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    try await channel.executeThenClose { inbound, outbound in
      var conversation = Conversation(
        inbound: inbound.makeAsyncIterator(),
        outbound: outbound
      )
      try await body(&conversation)
    }
  }

  func say(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

  /// Reads until that comes; returns what came before and with it.
  mutating func hear(_ text: String) async throws -> String {
    while true {
      if let found = heard.firstRange(of: text) {
        let before = heard[..<found.upperBound]
        heard = String(heard[found.upperBound...])
        return String(before)
      }
      guard let bytes = try await inbound.next(isolation: #isolation) else {
        throw NeverHappened(description: "\(text) was not said, but: \(heard)")
      }
      heard += String(buffer: bytes)
    }
  }

  /// Reads to the end.
  mutating func hearAll() async throws -> String {
    while let bytes = try await inbound.next(isolation: #isolation) {
      heard += String(buffer: bytes)
    }
    return heard
  }
}
