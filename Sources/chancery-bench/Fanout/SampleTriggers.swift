import AdminClient
import Model

/// Gives one service of a sample document another endpoint, in turn.
struct EndpointTrigger: ChangeTrigger {
  private let client: AdminClient
  private let document: SampleDocument

  init(_ server: SampleServer) { (client, document) = (server.client, server.document) }

  func send(_ number: Int) async throws {
    let index = document.index(ofChange: number)
    let service = document.service(index, change: number, first: ChangeText.address(number))
    _ = try await client.send(
      AdminCall("PUT", "/services/\(SampleDocument.name(index))", service)
    )
  }
}

/// Gives one service of a sample document another timeout, in turn: another cluster.
struct ServiceTrigger: ChangeTrigger {
  private let client: AdminClient
  private let document: SampleDocument

  init(_ server: SampleServer) { (client, document) = (server.client, server.document) }

  func mark(_ number: Int) -> [UInt8] {
    let (seconds, milliseconds) = Self.timeout(number).quotientAndRemainder(dividingBy: 1000)
    var duration: [UInt8] = []
    duration.appendField(1, varint: seconds)
    if milliseconds > 0 { duration.appendField(2, varint: milliseconds * 1_000_000) }
    var cluster: [UInt8] = []
    // `Cluster.connect_timeout`.
    cluster.appendField(4, duration)
    return cluster
  }

  func send(_ number: Int) async throws {
    let index = document.index(ofChange: number)
    let patch: JSONValue = ["connect_timeout": .string("\(Self.timeout(number))ms")]
    _ = try await client.send(
      AdminCall("PATCH", "/services/\(SampleDocument.name(index))", patch)
    )
  }

  /// In milliseconds.
  private static func timeout(_ number: Int) -> Int { 1001 + number % 3_000_000 }
}

/// Gives one route of a sample document another path, in turn.
struct RouteTrigger: ChangeTrigger {
  private let client: AdminClient
  private let document: SampleDocument
  private let first: Int

  /// Leaves the routes before `first` as they are.
  init(_ server: SampleServer, from first: Int = 0) {
    (client, document) = (server.client, server.document)
    self.first = first
  }

  func send(_ number: Int) async throws {
    let index = first + document.index(ofChange: number, of: document.routes - first)
    let route = document.route(index, change: number, path: "/" + ChangeText.address(number))
    _ = try await client.send(AdminCall("PUT", "/routes/\(SampleDocument.name(index))", route))
  }
}

extension SampleDocument {
  /// Which of the services, or of so many, a change is of: they take turns, scattered.
  func index(ofChange number: Int, of count: Int? = nil) -> Int {
    number &* 7919 % (count ?? services)
  }
}
