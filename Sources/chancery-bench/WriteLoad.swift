import AdminClient
import Model

/// How many writes there were, and how long each took.
struct WriteFigures: Sendable {
  var count: Int
  /// A second.
  var rate: Double
  /// In milliseconds.
  var median: Double
  /// In milliseconds.
  var percentile99: Double

  init(_ latencies: [Duration], within duration: Duration) {
    let sorted = latencies.sorted()
    count = sorted.count
    rate = Double(count) / (duration / .seconds(1))
    median = sorted.isEmpty ? 0 : sorted[count / 2] / .milliseconds(1)
    percentile99 = sorted.isEmpty ? 0 : sorted[count * 99 / 100] / .milliseconds(1)
  }
}

/// Clients that write as fast as they are answered, each on a connection of its own.
struct WriteLoad: Sendable {
  /// The call that a client sends as its write number so and so.
  typealias Call = @Sendable (_ client: Int, _ step: Int) -> AdminCall

  var server: String
  var document: SampleDocument
  var duration: Duration

  /// Makes the objects that are written to.
  func begin() async throws {
    try await AdminClient.with(.init(server: server)) { client in
      for patch in document.patches {
        _ = try await client.send(AdminCall("PATCH", "/config", patch))
      }
    }
  }

  @Sendable func service(_ client: Int, _ step: Int) -> AdminCall {
    let index = (client &* 7919 &+ step) % document.services
    return AdminCall(
      "PUT",
      "/services/\(SampleDocument.name(index))",
      document.service(index, change: change(client, step))
    )
  }

  func patch(of count: Int, _ client: Int, _ step: Int) -> AdminCall {
    AdminCall("PATCH", "/config", document.patch(of: count, change: change(client, step)))
  }

  /// Another one for each write, so that none is without a change.
  private func change(_ client: Int, _ step: Int) -> Int { (step + 1) * 1000 + client }

  func run(clients: Int, _ call: @escaping Call) async throws -> WriteFigures {
    let start = ContinuousClock.now
    let latencies = try await withThrowingTaskGroup { group in
      for client in 0..<clients {
        group.addTask { try await run(as: client, until: start + duration, call) }
      }
      return try await group.reduce(into: [Duration]()) { $0 += $1 }
    }
    return WriteFigures(latencies, within: .now - start)
  }

  private func run(
    as client: Int,
    until end: ContinuousClock.Instant,
    _ call: @escaping Call
  ) async throws -> [Duration] {
    try await AdminClient.with(.init(server: server)) { connection in
      var latencies: [Duration] = []
      while ContinuousClock.now < end {
        let call = call(client, latencies.count)
        let start = ContinuousClock.now
        _ = try await connection.send(call)
        latencies.append(.now - start)
      }
      return latencies
    }
  }
}
