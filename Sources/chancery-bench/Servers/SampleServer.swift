import AdminClient

/// A chancery that serves a sample document.
struct SampleServer: Sendable {
  var document: SampleDocument
  var port: Int
  var usage: ProcessUsage
  var client: AdminClient
  /// How large the database is, in bytes.
  var databaseSize: @Sendable () -> Int

  func target(_ trigger: any ChangeTrigger, name: String = "chancery") -> FanoutTarget {
    FanoutTarget(name: name, host: "127.0.0.1", port: port, usage: usage, trigger: trigger)
  }

  /// Starts one on a database of its own, and stops it after the body.
  static func with<Value: Sendable>(
    _ document: SampleDocument,
    _ executable: String?,
    _ flags: [String] = [],
    _ body: (SampleServer) async throws -> Value
  ) async throws -> Value {
    let file = try TemporaryDatabase()
    let path = file.path
    let process = try ChanceryProcess(executable, database: path, flags)
    try process.listen()
    defer { process.stop() }
    return try await AdminClient.with(.init(server: process.api)) { client in
      Terminal.report("Makes \(document.services) services and \(document.routes) routes")
      for patch in document.patches {
        _ = try await client.send(AdminCall("PATCH", "/config", patch))
      }
      return try await body(
        SampleServer(
          document: document,
          port: process.xdsPort,
          usage: process.usage,
          client: client,
          databaseSize: { TemporaryDatabase.size(of: path) }
        )
      )
    }
  }

  /// Starts one for each document, and stops them after the body.
  static func with<Value: Sendable>(
    _ documents: ArraySlice<SampleDocument>,
    _ executable: String?,
    after started: [SampleServer] = [],
    _ body: ([SampleServer]) async throws -> Value
  ) async throws -> Value {
    guard let first = documents.first else { return try await body(started) }
    return try await with(first, executable) { server in
      try await with(documents.dropFirst(), executable, after: started + [server], body)
    }
  }
}
