import Foundation
import HashTreeCollections
import Logging
import Model
import Snapshots
import Store
import Synchronization
import Testing
import XDSCompiler

@testable import Publisher

/// A ledger over boards and a database of its own, with a clock that the test moves.
final class Bench: Sendable {
  let folder: URL
  let proxies: ProxyBoard
  let board = SnapshotBoard()
  let clock = ManualClock()

  init() throws {
    proxies = ProxyBoard(now: { [clock] in clock.date })
    folder = FileManager.default.temporaryDirectory.appending(path: "chancery-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var path: String { folder.appending(path: "chancery.db").path }

  func open(retention: Duration = .seconds(3600)) throws -> ProxyLedger {
    try ProxyLedger(
      proxies: proxies,
      board: board,
      store: ConfigStore(
        path: path,
        seed: [],
        logger: quiet,
        gate: { _, document, _ throws(Refusal) in try Compilation(of: document) },
        committed: { _ in }
      ),
      retention: retention,
      logger: quiet,
      clock: clock,
      now: { [clock] in clock.date }
    )
  }

  private let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  /// Posts a revision in which the fleet `east` has these clusters.
  func post(_ revision: Int, _ clusters: String...) {
    var snapshot = Snapshot(revision: revision)
    for name in clusters {
      snapshot[.cluster].insert(Resource(ResourceKey(.cluster, name), body: Array(name.utf8)))
    }
    board.post(
      FleetSnapshots(named: ["east": snapshot], others: Snapshot(revision: revision)),
      changed: nil
    )
  }
}

extension ProxyNode {
  static func sample(_ id: String = "a", fleet: String = "east") -> ProxyNode {
    ProxyNode(id: id, fleet: fleet, version: "1.40.0", locality: Locality(region: "eu", zone: "1"))
  }
}

extension ProxyBoard {
  /// Enters a stream that has all of a revision.
  @discardableResult
  func open(_ node: ProxyNode, having revision: Int) -> ProxyConnection.ID {
    let id = open(node)
    settle(id, at: revision)
    return id
  }

  /// Notes that a stream has all of a revision.
  func settle(_ id: ProxyConnection.ID, at revision: Int) {
    let standing = ProxyStanding(sent: revision, acked: revision)
    update(
      id,
      [.cluster: standing, .listener: standing],
      progress: [.cluster: .current, .listener: .current],
      revision: revision
    )
  }

  /// Notes that a stream was sent clusters of a revision.
  func send(_ id: ProxyConnection.ID, _ revision: Int, acked: Int?) {
    update(
      id,
      [
        .cluster: ProxyStanding(sent: revision, acked: acked),
        .listener: ProxyStanding(sent: acked, acked: acked.map { _ in revision }),
      ],
      progress: [.cluster: .pending, .listener: .current],
      revision: revision
    )
  }

  /// Notes that a stream refused clusters of a revision.
  func refuse(_ id: ProxyConnection.ID, _ revision: Int, acked: Int?, lookingAt newest: Int? = nil)
  {
    let rejection = ProxyRejection(
      revision: revision,
      names: ["b", "a"],
      message: "No \(revision)."
    )
    update(
      id,
      [
        .cluster: ProxyStanding(sent: revision, acked: acked, rejection: rejection),
        .listener: ProxyStanding(sent: acked, acked: newest ?? revision),
      ],
      progress: [.cluster: .refused, .listener: .current],
      revision: newest ?? revision
    )
  }
}

/// Time that passes only when it is told to.
final class ManualClock: Clock {
  struct Instant: InstantProtocol {
    var offset = Duration.zero

    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private struct Sleeper {
    var deadline: Instant
    var continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var now = Instant()
    var sleepers: [UUID: Sleeper] = [:]
    var cancelled: Set<UUID> = []
    var watchers: [(count: Int, CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())

  var now: Instant { state.withLock { $0.now } }
  var minimumResolution: Duration { .nanoseconds(1) }

  /// The same time as a date.
  var date: Date {
    Date(timeIntervalSince1970: 1_750_000_000 + now.offset / .seconds(1))
  }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let id = UUID()
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let watchers = state.withLock { state -> [CheckedContinuation<Void, Never>]? in
          if state.cancelled.contains(id) { return nil }
          state.sleepers[id] = Sleeper(deadline: deadline, continuation: continuation)
          let due = state.watchers.filter { $0.count <= state.sleepers.count }
          state.watchers.removeAll { $0.count <= state.sleepers.count }
          return due.map(\.1)
        }
        guard let watchers else { return continuation.resume(throwing: CancellationError()) }
        for watcher in watchers { watcher.resume() }
      }
    } onCancel: {
      let sleeper = state.withLock { state in
        state.cancelled.insert(id)
        return state.sleepers.removeValue(forKey: id)
      }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }

  /// Waits until that many sleep.
  func sleepers(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        if state.sleepers.count >= count { return true }
        state.watchers.append((count, continuation))
        return false
      }
      if isThere { continuation.resume() }
    }
  }

  /// Lets time pass, and wakes who slept until then.
  func advance(by duration: Duration) {
    let woken = state.withLock { state in
      state.now = state.now.advanced(by: duration)
      let due = state.sleepers.filter { $0.value.deadline <= state.now }
      for id in due.keys { state.sleepers[id] = nil }
      return Array(due.values)
    }
    for sleeper in woken { sleeper.continuation.resume() }
  }
}
