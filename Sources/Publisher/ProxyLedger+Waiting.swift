import Foundation
import ServiceLifecycle
import Snapshots
import Synchronization

extension ProxyLedger {
  /// The longest wait.
  private static var longestWait: Duration { .seconds(300) }

  /// Waits until every connected proxy has a revision, any refuses it, the time is over, or the
  /// server or the caller stops: whatever is first.
  ///
  /// The revision must be committed. A proxy that it changes nothing for is not waited for, unless
  /// it lacks something older; one that connects meanwhile is. The time is at most 300 s. Costs a
  /// look at each proxy at the beginning and at the end; no polling.
  ///
  /// - Returns: How far each proxy is in the end.
  package func wait(for revision: Int, atMost limit: Duration) async -> Rollout {
    let (ended, end) = AsyncStream.makeStream(of: Never.self)
    let (rollout, wait) = reading { state, now -> (Rollout, RolloutWaits.ID?) in
      let rollout = state.rollout(of: revision, at: now)
      if rollout.isComplete || rollout.isRejected || state.waits.areOver { return (rollout, nil) }
      return (rollout, state.waits.add(end, for: revision))
    }
    guard let wait else { return rollout }
    await withGracefulShutdownHandler {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { for await _ in ended {} }
        group.addTask { [clock] in
          try? await clock.sleep(for: min(limit, Self.longestWait))
        }
        await group.next()
        group.cancelAll()
      }
    } onGracefulShutdown: {
      end.finish()
    }
    return reading { state, now in
      state.waits.remove(wait)
      return state.rollout(of: revision, at: now)
    }
  }

  /// Ends every wait, now and from now on.
  func endWaits() {
    let ended = state.withLock { state in
      state.waits.areOver = true
      return state.waits.takeAll()
    }
    for wait in ended { wait.finish() }
  }
}

/// Who waits for a revision to be rolled out.
struct RolloutWaits: Sendable {
  typealias End = AsyncStream<Never>.Continuation

  struct ID: Hashable, Sendable {
    let revision: Int
    let number: Int
  }

  /// Set when the ledger stops: then nobody may wait any more.
  var areOver = false
  private var byRevision: [Int: [Int: End]] = [:]
  private var lastNumber = 0

  var isEmpty: Bool { byRevision.isEmpty }

  mutating func add(_ end: End, for revision: Int) -> ID {
    lastNumber += 1
    byRevision[revision, default: [:]][lastNumber] = end
    return ID(revision: revision, number: lastNumber)
  }

  mutating func remove(_ id: ID) {
    byRevision[id.revision]?[id.number] = nil
    if byRevision[id.revision]?.isEmpty == true { byRevision[id.revision] = nil }
  }

  /// Takes those whose revision satisfies that; costs the number of different revisions.
  mutating func take(where isDecided: (Int) -> Bool) -> [End] {
    let revisions = byRevision.keys.filter(isDecided)
    return revisions.flatMap { byRevision.removeValue(forKey: $0).map { Array($0.values) } ?? [] }
  }

  mutating func takeAll() -> [End] { take { _ in true } }
}

extension LedgerState {
  /// Takes the waits that are decided by now.
  ///
  /// Costs the number of connected proxies, and nothing if nobody waits.
  mutating func endedWaits(_ rejections: [StoredRejection], at now: Date) -> [RolloutWaits.End] {
    guard !waits.isEmpty else { return [] }
    var complete = Int.max
    var refused = Set(rejections.map { $0.since + 1..<max($0.since, $0.revision) + 1 })
    for record in records.values where record.isConnected {
      complete = min(complete, record.applied(fleets, at: now) ?? 0)
      for standing in record.standingRefusals {
        refused.insert(standing.rejection.since + 1..<standing.upTo + 1)
      }
    }
    return waits.take { revision in
      revision <= complete || refused.contains { $0.contains(revision) }
    }
  }
}
