import Foundation
import GRDB
import HashTreeCollections
import Logging
import Model
import Subprocess
import Synchronization
import Testing

@testable import Store

/// A database in a folder of its own, which goes away with it.
final class Bench: Sendable {
  /// What the gate makes of a document: its objects, by steps, so that a gate that is told the
  /// wrong step makes the wrong ones.
  typealias Served = [ObjectKey: ConfigObject]

  let folder: URL
  private let told = Mutex<[[Int]]>([])
  let (commits, continuation) = AsyncStream.makeStream(of: Head<Served>.self)
  private let refusedName = Mutex<String?>(nil)

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "chancery-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// The revisions of each group, as `committed` was told.
  var groups: [[Int]] { told.withLock { $0 } }

  var path: String { folder.appending(path: "chancery.db").path }

  func open(
    _ path: String? = nil,
    seed: [ObjectEdit] = [],
    metrics: StoreMetrics = StoreMetrics(),
    log: StatementLog? = nil
  ) throws -> Store<Served> {
    try Store(
      path: path ?? self.path,
      seed: seed,
      logger: Logger(label: "test"),
      metrics: metrics,
      log: log,
      now: { Date(timeIntervalSince1970: 1_750_000_000.25) },
      gate: { [self] change, document, former throws(Refusal) in
        try judge(change, document, former)
      },
      committed: { [self] heads in
        told.withLock { $0.append(heads.map(\.revision.number)) }
        action.withLock { $0 }?()
        for head in heads { continuation.yield(head) }
      }
    )
  }

  private let action = Mutex<(@Sendable () -> Void)?>(nil)

  /// Has this done whenever `committed` is called.
  func onCommit(_ action: @escaping @Sendable () -> Void) { self.action.withLock { $0 = action } }

  /// Makes the gate refuse a service of that name from now on.
  func refuse(_ name: String?) { refusedName.withLock { $0 = name } }

  private func judge(
    _ change: Change,
    _ document: Document,
    _ former: Served?
  ) throws(Refusal) -> Served {
    try document.check(change)
    if let name = refusedName.withLock({ $0 }), document.services[name] != nil {
      throw Refusal(.invalid, [Fault("/services/\(name)", .invalidValue, "Refused.")])
    }
    return change.edits.reduce(into: former ?? [:]) { $0[$1.key] = $1.value.after }
  }

  /// What the real `sqlite3` command says.
  @discardableResult
  func shell(_ sql: String) async throws -> (succeeded: Bool, output: String) {
    let result = try await Subprocess.run(
      .name("sqlite3"),
      arguments: ["-bail", path, ".timeout 5000", sql],
      output: .string(limit: 16 << 20),
      error: .combinedWithOutput
    )
    return (result.terminationStatus.isSuccess, result.standardOutput)
  }
}

extension Bench {
  static let allObjects = """
    SELECT * FROM gateway; SELECT * FROM service; SELECT * FROM endpoint; SELECT * FROM route;
    SELECT * FROM reference;
    """
  static let allHistory = """
    SELECT * FROM revision; SELECT * FROM history; SELECT * FROM object;
    """

  /// Runs statements in the shell that are to succeed.
  func run(_ sql: String) async throws {
    let (succeeded, output) = try await shell(sql)
    try #require(succeeded, "\(output)")
  }
}

extension Bench {
  /// Runs statements while some triggers are away.
  func run(_ sql: String, without triggers: String...) async throws {
    let statements = try Schema(migratedTo: Migration.all.count).statements
    let drops = triggers.map { "DROP TRIGGER \($0);" }
    let creations = triggers.compactMap { statements["trigger \($0)"] }.map { $0 + ";" }
    try await run((drops + [sql] + creations).joined(separator: "\n"))
  }
}

extension Store {
  @discardableResult
  func write(_ edits: ObjectEdit..., by author: String = "ada") async throws
    -> WriteResult<Compiled>
  {
    let edits = Edits(edits)
    return try await write(WriteRequest(author: author) { _ in edits.list })
  }
}

extension Store {
  /// Asks for all writes, in order, while the connection is busy: so they are one group.
  func writeTogether(_ requests: [WriteRequest<Compiled>]) async
    -> [Result<WriteResult<Compiled>, any Error>]
  {
    let started = DispatchSemaphore(value: 0)
    pool.asyncWriteWithoutTransaction { _ in started.wait() }
    var writers: [Task<WriteResult<Compiled>, any Error>] = []
    for request in requests {
      writers.append(Task { try await self.write(request) })
      while queue.count < writers.count { await Task.yield() }
    }
    started.signal()
    var outcomes: [Result<WriteResult<Compiled>, any Error>] = []
    for writer in writers { outcomes.append(await writer.result) }
    return outcomes
  }
}

extension WriteRequest {
  /// A request for these edits, whatever the head.
  init(_ edits: ObjectEdit...) {
    let edits = Edits(edits)
    self.init(author: "ada") { _ in edits.list }
  }
}

/// Tuples are not Sendable by themselves in an array.
struct Edits: Sendable {
  var list: [ObjectEdit]

  init(_ list: [ObjectEdit]) { self.list = list }
}

extension Head where Compiled == Bench.Served {
  var objects: Bench.Served {
    Dictionary(uniqueKeysWithValues: document.objects.map { ($0.key, $0.object) })
  }
}

func service(_ name: String, _ addresses: String..., labels: [String: String]? = nil)
  -> ObjectEdit
{
  let endpoints = addresses.map { Endpoint(address: $0, port: 80) }
  return (ObjectKey(.service, name), .service(Service(endpoints: endpoints, labels: labels)))
}

func route(_ name: String, to service: String) -> ObjectEdit {
  let match = RouteMatch(path: .prefix("/" + name))
  return (ObjectKey(.route, name), .route(Route(match: match, action: .service(service))))
}

func gateway(_ name: String, port: Int) -> ObjectEdit {
  (ObjectKey(.gateway, name), .gateway(Gateway(port: port)))
}

func removal(_ kind: ObjectKind, _ name: String) -> ObjectEdit { (ObjectKey(kind, name), nil) }
