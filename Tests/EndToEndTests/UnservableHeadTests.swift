import AsyncHTTPClient
import NIOCore
import NIOPosix
import Testing

extension EndToEnd {
  @Suite struct UnservableHead {
    @Test func `a head that this version refuses keeps xDS closed until a write mends it`()
      async throws
    {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        try await chancery.post(
          "/routes",
          #"{"name": "root", "match": {"prefix": "/"}, "respond": {"status": 200, "body": "up"}}"#
        )
        await chancery.process.stop()
        let trigger = try await bed.sqlite(
          "SELECT sql FROM sqlite_schema WHERE name = 'revision_sealed'"
        )
        // As if another version had committed it: only an owner of the file can drop the guard.
        try await bed.sqlite(
          """
          UPDATE route SET spec = '{"of": "the future"}' WHERE name = 'root';
          DROP TRIGGER revision_sealed;
          INSERT INTO revision (number, kind, author, at, added, changed, removed)
          VALUES (3, 'change', 'a later version', '2030-01-01T00:00:00.000Z', 0, 1, 0);
          \(trigger);
          """
        )

        let restarted = try await bed.launchChancery(after: chancery)
        let ready = try await eventually("the API answers") {
          try await restarted.call(.get, "/readyz")
        } until: { _ in
          true
        }
        #expect(ready.status == 503)
        #expect(ready.text.contains("/routes/root"))
        for path in ["/config", "/routes", "/routes/root"] {
          #expect(try await restarted.call(.get, path).status == 503)
        }
        let errors = restarted.process.output.split(separator: "\n").filter {
          $0.contains("error") && $0.contains("The newest revision is not servable")
            && $0.contains("/routes/root")
        }
        #expect(errors.count == 1)
        await #expect(throws: (any Error).self) { try await Self.connect(restarted.xdsPort) }

        try await restarted.write(
          .put,
          "/routes/root",
          #"{"match": {"prefix": "/"}, "respond": {"status": 200, "body": "mended"}}"#
        )
        try await eventually("it is ready") {
          try await restarted.call(.get, "/readyz").status
        } until: {
          $0 == 200
        }
        try await Self.connect(restarted.xdsPort)
      }
    }

    private static func connect(_ port: Int) async throws {
      try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .connect(host: "127.0.0.1", port: port).get().close()
    }
  }
}
