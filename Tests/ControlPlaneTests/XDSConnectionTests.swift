import Logging
import NIOCore
import NIOPosix
import Snapshots
import Testing
import XDSServer

@testable import ControlPlane

@Suite(.timeLimit(.minutes(5)))
struct XDSConnectionTests {
  let board = SnapshotBoard()
  let proxies = ProxyBoard()

  /// Posts a cluster that is larger than what a client takes without saying so.
  func post(_ revision: Int) {
    var snapshot = Snapshot(revision: revision)
    let body = "\(revision)".utf8 + [UInt8](repeating: 0, count: 80 << 10)
    snapshot[.cluster].insert(Resource(ResourceKey(.cluster, "a"), body: body))
    board.post(FleetSnapshots(others: snapshot), changed: nil)
  }

  /// Serves, and connects a client that says just these bytes.
  private func withConnection(
    silence: TimeAmount = .hours(1),
    saying bytes: [UInt8] = [],
    _ body: (any Channel) async throws -> Void
  ) async throws {
    let services = XDSServices(
      board: board,
      proxies: proxies,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      patience: .zero
    )
    try await withListener(services, silence: silence) { port in
      let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .connect(host: "127.0.0.1", port: port).get()
      if !bytes.isEmpty { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }
      try await body(channel)
    }
  }

  @Test func `X26: a connection is closed when nothing comes over it, not even a ping`()
    async throws
  {
    try await withConnection(silence: .milliseconds(50)) { channel in
      try await channel.closeFuture.get()
    }
  }

  @Test func `X24: the connection of a client that does not read is closed`() async throws {
    post(1)
    try await withConnection(saying: RawRequest.clusters) { channel in
      let posting = Task {
        var revision = 1
        while !Task.isCancelled {
          revision += 1
          post(revision)
          // Fast enough that one falls into a write that waits.
          try await Task.sleep(for: .milliseconds(5))
        }
      }
      defer { posting.cancel() }
      try await channel.closeFuture.get()
    }
  }
}

/// A stream's beginning in HTTP/2, by hand: a client of gRPC would read what it is sent.
private enum RawRequest {
  /// Asks for all clusters, in delta.
  static let clusters: [UInt8] =
    Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + frame(4, [], stream: 0)
    + frame(1, flags: 4, head, stream: 1)
    + frame(0, [0, 0, 0, 0, UInt8(request.count)] + request, stream: 1)

  private static let head: [UInt8] =
    [0x83, 0x86]
    + literal(
      ":path",
      "/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources"
    ) + literal(":authority", "x") + literal("content-type", "application/grpc")
    + literal("te", "trailers")

  private static let request = field(1, field(1, [0x6e])) + field(2, ResourceType.cluster.url.utf8)

  private static func frame(
    _ type: UInt8,
    flags: UInt8 = 0,
    _ payload: [UInt8],
    stream: UInt8
  ) -> [UInt8] {
    [0, UInt8(payload.count >> 8), UInt8(payload.count & 255), type, flags, 0, 0, 0, stream]
      + payload
  }

  private static func literal(_ name: String, _ value: String) -> [UInt8] {
    [0, UInt8(name.utf8.count)] + name.utf8 + [UInt8(value.utf8.count)] + value.utf8
  }

  private static func field(_ number: UInt8, _ content: some Collection<UInt8>) -> [UInt8] {
    [number << 3 | 2, UInt8(content.count)] + content
  }
}
