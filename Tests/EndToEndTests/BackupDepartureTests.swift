import Foundation
import NIOCore
import NIOPosix
import Testing

extension EndToEnd {
  @Suite struct BackupDeparture {
    /// More than sockets hold.
    private static let large: String = {
      let text = String(repeating: "x", count: 4000)
      let routes = (0..<2000).map {
        #""r\#($0)": {"match": {"exact": "/\#($0)"}, "respond": {"status": 200, "body": "\#(text)"}}"#
      }
      return #"{"routes": {\#(routes.joined(separator: ","))}}"#
    }()

    @Test func `a client that leaves while it is sent a backup leaves nothing behind`()
      async throws
    {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        try await chancery.write(.put, "/config", Self.large)
        let client = try await Self.client(of: chancery)
        try await client.writeAndFlush(
          ByteBuffer(string: "GET /backup HTTP/1.1\r\nHost: localhost\r\n\r\n")
        )
        try await eventually("the copy is being sent") {
          Self.copies(of: chancery)
        } until: { copies in
          copies.count == 1 && copies.allSatisfy { $0.hasSuffix("(deleted)") }
        }

        try await client.close()

        try await eventually("the copy is gone") {
          Self.copies(of: chancery) + Self.folders
        } until: {
          $0.isEmpty
        }
        try await chancery.expect(0, "backup", bed.path("copy.db"))
        try await chancery.expect(0, "verify", bed.path("copy.db"))
      }
    }

    /// A client that reads nothing.
    private static func client(of chancery: Chancery) async throws -> any Channel {
      try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .channelOption(.autoRead, value: false)
        .channelOption(.socketOption(.so_rcvbuf), value: 4096)
        .connect(host: "127.0.0.1", port: chancery.adminPort)
        .get()
    }

    private static func copies(of chancery: Chancery) -> [String] {
      chancery.process.openFiles.filter { $0.contains("chancery-backup-") }
    }

    private static var folders: [String] {
      let folder = FileManager.default.temporaryDirectory.path()
      let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
      return names?.filter { $0.hasPrefix("chancery-backup-") } ?? []
    }
  }
}
