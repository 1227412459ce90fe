import Foundation
import Snapshots
import Store

/// All that the ledger knows at a moment.
struct LedgerState: Sendable {
  /// Bounds what one proxy makes the ledger keep.
  static let refusalLimit = 100

  private(set) var records: [String: ProxyRecord] = [:]
  /// Of all records, sorted.
  private(set) var ids: [String] = []
  var fleets = FleetChanges()
  var waits = RolloutWaits()
  /// Proxies of which something is not stored yet.
  private(set) var unsaved: Set<String> = []
  /// Proxies and refusals that are to go from the store.
  private(set) var forgotten: Set<String> = []
  private var dropped: [ObservedRejection] = []
  /// Refusals that could not be stored yet, and are therefore not shown.
  var withheld: [ProxyBoard.Refusal] = []
  var isTicked = false
  /// Whether the store failed the last time.
  var isFailing = false
  private let openedAt: Date

  init(_ observations: Observations, openedAt: Date) {
    self.openedAt = openedAt
    for proxy in observations.proxies { records[proxy.id] = ProxyRecord(proxy) }
    for refusal in observations.rejections {
      guard let rejection = StoredRejection(refusal) else { continue }
      records[refusal.proxy]?.refusals.append(.init(rejection: rejection, isSaved: true))
    }
    ids = records.keys.sorted()
  }

  mutating func takeTick() -> Bool {
    defer { isTicked = false }
    return isTicked
  }

  /// Takes in what happened to the streams.
  mutating func take(_ changes: ProxyBoard.Changes, at now: Date) {
    for stream in changes.closed {
      change(stream.node, at: now) { $0.take(stream, at: now) }
      change(stream.node, at: now) { $0.lose(stream.id) }
    }
    for stream in changes.open { change(stream.node, at: now) { $0.take(stream, at: now) } }
  }

  /// Takes in a refusal that is stored.
  mutating func take(_ rejection: StoredRejection, by node: ProxyNode, at now: Date) {
    change(node, at: now) { record in
      record.refusals.removeAll {
        $0.rejection.type == rejection.type && $0.rejection.revision == rejection.revision
      }
      record.refusals.append(.init(rejection: rejection, isSaved: true))
    }
    let excess = (records[node.id]?.refusals.count ?? 0) - Self.refusalLimit
    guard excess > 0, let oldest = records[node.id]?.refusals.prefix(excess) else { return }
    dropped += oldest.map { ObservedRejection($0.rejection, of: node.id) }
    records[node.id]?.refusals.removeFirst(excess)
  }

  private mutating func change(
    _ node: ProxyNode,
    at now: Date,
    _ body: (inout ProxyRecord) -> Void
  ) {
    if records[node.id] == nil { enter(ProxyRecord(node, firstSeen: now)) }
    unsaved.insert(node.id)
    // In place, as a copy would copy its streams.
    let fleets = fleets
    records[node.id]?.change(fleets, at: now, body)
  }

  private mutating func enter(_ record: ProxyRecord) {
    let id = record.node.id
    records[id] = record
    ids.insert(id, at: ids.partitioningIndex { $0 >= id })
  }

  func rollout(of revision: Int, at now: Date) -> Rollout {
    Rollout(
      revision: revision,
      proxies: ids.compactMap { records[$0]?.entry(for: revision, fleets, at: now) }
    )
  }
}

// What is to be stored.
extension LedgerState {
  /// How often the time at which a connected proxy was last seen is stored, although nothing else
  /// is new of it.
  static let seenInterval = 300.0

  /// Forgets proxies that are gone for longer than that, and marks those whose last sight is stale.
  mutating func review(retention: Double, at now: Date) {
    for (id, record) in records {
      if record.isConnected {
        if now.timeIntervalSince(record.savedSeen) >= Self.seenInterval { unsaved.insert(id) }
      } else if now.timeIntervalSince(max(record.lastSeen, openedAt)) >= retention {
        forget(id)
      }
    }
  }

  private mutating func forget(_ id: String) {
    records[id] = nil
    unsaved.remove(id)
    forgotten.insert(id)
    ids.removeAll { $0 == id }
  }

  /// Takes what is not stored yet, of at most that many proxies.
  mutating func takeUnsaved(_ limit: Int, at now: Date) -> Observations {
    var observations = Observations(forgotten: Array(forgotten), dropped: dropped)
    forgotten = []
    dropped = []
    for id in unsaved.prefix(limit) {
      unsaved.remove(id)
      guard var record = records[id] else { continue }
      if record.isConnected { record.lastSeen = now }
      record.savedSeen = now
      for index in record.refusals.indices where !record.refusals[index].isSaved {
        record.refusals[index].isSaved = true
        observations.rejections.append(.init(record.refusals[index].rejection, of: id))
      }
      observations.proxies.append(ObservedProxy(record))
      records[id] = record
    }
    return observations
  }

  /// Takes back what could not be stored.
  mutating func putBack(_ observations: Observations) {
    forgotten.formUnion(observations.forgotten)
    dropped += observations.dropped
    unsaved.formUnion(observations.proxies.map(\.id))
    for refusal in observations.rejections {
      records[refusal.proxy]?.markUnsaved(refusal.revision)
    }
  }
}

extension ProxyRecord {
  fileprivate mutating func change(
    _ fleets: FleetChanges,
    at now: Date,
    _ body: (inout ProxyRecord) -> Void
  ) {
    body(&self)
    if isConnected { lastApplied = applied(fleets, at: now) ?? lastApplied }
  }

  fileprivate mutating func markUnsaved(_ revision: Int) {
    for index in refusals.indices where refusals[index].rejection.revision == revision {
      refusals[index].isSaved = false
    }
  }
}

extension [String] {
  /// The first index whose element satisfies what all after it do.
  fileprivate func partitioningIndex(where isLater: (String) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if isLater(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
