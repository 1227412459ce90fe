import Foundation
import Logging
import Snapshots
import Store
import Synchronization

extension ProxyLedger {
  /// Bounds how long writes of the configuration wait for those of the ledger.
  private static var batchLimit: Int { 500 }
  /// Bounds what a proxy can make the store keep of one refusal.
  private static var messageLimit: Int { 16_384 }
  private static var nameLimit: Int { 1000 }

  /// Takes in what has happened on the board; refusals only once they are stored.
  package func catchUp() async {
    let changes = proxyBoard.takeChanges(follower)
    let refusals = state.withLock { state in
      defer { state.withheld = [] }
      return state.withheld + changes.refusals
    }
    let rejections = refusals.map { rejection($0) }
    let isStored = await store(refusals, rejections)
    let ended = reading { state, now in
      if isStored {
        for (refusal, rejection) in zip(refusals, rejections) {
          state.take(rejection, by: refusal.node, at: now)
        }
      } else {
        state.withheld = refusals + state.withheld
      }
      state.take(changes, at: now)
      return state.endedWaits(isStored ? rejections : [], at: now)
    }
    for wait in ended { wait.finish() }
  }

  private func store(
    _ refusals: [ProxyBoard.Refusal],
    _ rejections: [StoredRejection]
  ) async -> Bool {
    guard !refusals.isEmpty else { return true }
    var observations = Observations()
    let (now, nodes) = (now(), Set(refusals.map(\.node)))
    observations.proxies = state.withLock { state in
      nodes.map { ObservedProxy(state.records[$0.id] ?? ProxyRecord($0, firstSeen: now)) }
    }
    observations.rejections = zip(refusals, rejections).map {
      ObservedRejection($1, of: $0.node.id)
    }
    return await keep(observations)
  }

  private func rejection(_ refusal: ProxyBoard.Refusal) -> StoredRejection {
    let known = state.withLock { $0.records[refusal.node.id]?.acked[refusal.type] }
    let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    return StoredRejection(
      type: refusal.type,
      revision: refusal.rejection.revision,
      since: min(refusal.acked ?? known ?? 0, refusal.rejection.revision - 1),
      names: Array(refusal.rejection.names.sorted().prefix(Self.nameLimit)),
      message: String(refusal.rejection.message.prefix(Self.messageLimit)),
      at: now().formatted(format)
    )
  }

  /// Stores what is not stored yet, and forgets who is gone for too long.
  func save() async {
    let retention = Double(self.retention.components.seconds)
    reading { state, now in state.review(retention: retention, at: now) }
    while true {
      let observations = reading { state, now in state.takeUnsaved(Self.batchLimit, at: now) }
      if observations.isEmpty { break }
      guard await keep(observations) else {
        state.withLock { $0.putBack(observations) }
        break
      }
    }
    // What could not be stored before may be now, and a proxy's time to ask for more may be over.
    await catchUp()
  }

  private func keep(_ observations: Observations) async -> Bool {
    do {
      try await store.keep(observations)
      let wasFailing = state.withLock { state in
        defer { state.isFailing = false }
        return state.isFailing
      }
      if wasFailing { logger.notice("What proxies report is stored again") }
      return true
    } catch {
      let wasFailing = state.withLock { state in
        defer { state.isFailing = true }
        return state.isFailing
      }
      if !wasFailing {
        logger.error(
          "What proxies report cannot be stored; it is tried again every second",
          metadata: ["reason": "\(error.reason)"]
        )
      }
      return false
    }
  }
}
