import Foundation
import HashTreeCollections
import Logging
import Model
import Snapshots
import Store
import Synchronization
import XDSCompiler

@testable import Publisher

/// A store, what publishes it, and the instances registered with both.
final class RegistrationBench: Sendable {
  let board = SnapshotBoard()
  let clock = StoppedClock()
  let store: ConfigStore
  let registrations: Registrations
  private let folder: URL
  private let isOwner: Bool

  convenience init() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "chancery-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try self.init(in: folder, isOwner: true)
  }

  private init(in folder: URL, isOwner: Bool) throws {
    self.folder = folder
    self.isOwner = isOwner
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let publisher = Publisher(board: board, logger: logger)
    store = try ConfigStore(
      path: folder.appending(path: "chancery.db").path,
      seed: [(ObjectKey(.gateway, "default"), .gateway(Gateway(port: 8080)))],
      logger: logger,
      gate: { change, document, former throws(Refusal) in
        try document.check(change)
        guard let former else { return try Compilation(of: document) }
        return try former.following(change, to: document)
      },
      committed: publisher.publish
    )
    registrations = try Registrations(
      store: store,
      publisher: publisher,
      logger: logger,
      clock: clock
    )
    publisher.publish([store.head])
  }

  deinit { if isOwner { try? FileManager.default.removeItem(at: folder) } }

  /// Another process on the same database.
  func restarted() throws -> RegistrationBench {
    try store.close()
    return try RegistrationBench(in: folder, isOwner: false)
  }

  func write(_ edits: ObjectEdit...) async throws {
    let changes = edits.map { Edit(key: $0.key, value: $0.value) }
    _ = try await store.write(
      WriteRequest(author: "ada") { _ in changes.map { ($0.key, $0.value) } }
    )
  }

  private struct Edit: Sendable {
    var key: ObjectKey
    var value: ConfigObject?
  }

  func endpoint(_ number: Int) -> Endpoint {
    Endpoint(address: "10.0.\(number / 250).\(number % 250)", port: 80)
  }

  func route(to service: String, on host: String? = nil) -> Route {
    Route(
      hosts: host.map { [$0] },
      match: RouteMatch(path: .prefix("/")),
      action: .service(service)
    )
  }

  /// - Returns: What became of the last.
  @discardableResult
  func register(_ numbers: Int...) async throws -> RegistrationOutcome? {
    var outcome: RegistrationOutcome?
    for number in numbers { outcome = try await register(endpoint(number)) }
    return outcome
  }

  /// Registers many at once.
  func register(numbers: Range<Int>) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in numbers {
        group.addTask { _ = try await self.register(self.endpoint(number)) }
      }
      try await group.waitForAll()
    }
  }

  private func register(_ endpoint: Endpoint) async throws -> RegistrationOutcome {
    try await registrations.put(
      Registration(service: "users", endpoint: endpoint, ttl: .seconds(30))
    )
  }

  /// The assignment of the service "users" as proxies have it.
  var resource: Resource? { board.snapshots?.others[ResourceKey(.endpoints, "users")] }

  var served: [UInt8]? { resource?.body }

  /// What a document compiles to whose service "users" has those endpoints.
  func assignment(_ numbers: Int...) throws -> [UInt8]? {
    var document = Document()
    _ = document.apply([
      (ObjectKey(.gateway, "default"), .gateway(Gateway(port: 8080))),
      (ObjectKey(.service, "users"), .service(Service(endpoints: numbers.map(endpoint)))),
      (ObjectKey(.route, "users"), .route(route(to: "users"))),
    ])
    let snapshot = try Compilation(of: document).fleets.others
    return snapshot[ResourceKey(.endpoints, "users")]?.body
  }

  /// The ids that the store has.
  var stored: [String] { get throws { try store.registrations().map(\.endpoint.id).sorted() } }
}

/// A clock that stands still but for what it is advanced by; nobody wakes from a sleep by it.
final class StoppedClock: Clock, Sendable {
  struct Instant: InstantProtocol {
    var offset: Duration

    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private let time = Mutex(Instant(offset: .zero))

  var now: Instant { time.withLock { $0 } }
  let minimumResolution = Duration.nanoseconds(1)

  func advance(by duration: Duration) { time.withLock { $0.offset += duration } }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    for await _ in AsyncStream<Void>.makeStream().stream {}
    throw CancellationError()
  }
}
