import Foundation
import HashTreeCollections
import Snapshots

/// What is remembered of one proxy, with its open streams.
struct ProxyRecord: Sendable {
  /// A refusal, and whether it is stored as it is.
  struct Refusal: Sendable {
    var rejection: StoredRejection
    var isSaved: Bool
  }

  var node: ProxyNode
  var firstSeen: Date
  var lastSeen: Date
  /// When `lastSeen` was stored.
  var savedSeen = Date.distantPast
  private(set) var streams: [ProxyConnection.ID: ProxyConnection] = [:]
  /// The newest revision that was acked, by type, on these streams or on former ones.
  var acked: [ResourceType: Int] = [:]
  /// The newest revision that the proxy was seen to have in full.
  var lastApplied: Int?
  /// Oldest first.
  var refusals: [Refusal] = []
  /// Since when all that the streams ask for has been acked at least once.
  private var completeSince: Date?
  /// Whether a listener is held whose route configuration is not.
  private var lacksRoutes = false
  /// The responses of listeners that `lacksRoutes` is true of, by stream.
  private var judgedListeners: [ProxyConnection.ID: Int?] = [:]

  init(_ node: ProxyNode, firstSeen: Date) {
    self.node = node
    self.firstSeen = firstSeen
    lastSeen = firstSeen
  }

  var isConnected: Bool { !streams.isEmpty }

  /// Takes in how a stream is now.
  mutating func take(_ stream: ProxyConnection, at now: Date) {
    node = stream.node
    lastSeen = now
    streams[stream.id] = stream
    if streams.count == 1 {
      for (type, standing) in stream.types { note(type, standing.acked) }
    } else {
      for (type, status) in types { note(type, status.acked) }
    }
    if !refusals.isEmpty {
      for (type, standing) in stream.types { heal(type, standing.acked) }
    }
    judgeListeners(of: stream)
    let isComplete = streams.values.allSatisfy { stream in
      stream.types.keys.allSatisfy { lastAcked($0, on: stream) != nil }
    }
    completeSince = isComplete ? completeSince ?? now : nil
  }

  private mutating func note(_ type: ResourceType, _ revision: Int?) {
    if let revision { acked[type] = revision }
  }

  mutating func lose(_ stream: ProxyConnection.ID) {
    streams[stream] = nil
    judgedListeners[stream] = nil
    if streams.isEmpty { completeSince = nil }
  }

  /// Notes that the proxy took what it had refused, as one that reconnects may do.
  private mutating func heal(_ type: ResourceType, _ acked: Int?) {
    guard let acked else { return }
    for index in refusals.indices
    where refusals[index].rejection.type == type && refusals[index].rejection.covers(acked) {
      refusals[index].rejection.since = acked
      refusals[index].isSaved = false
    }
  }

  /// Looks at the listeners only if they, or the lack, are not as at the last look.
  private mutating func judgeListeners(of stream: ProxyConnection) {
    let sent = stream.types[.listener]?.sent
    guard lacksRoutes || judgedListeners[stream.id] != .some(sent) else { return }
    judgedListeners[stream.id] = .some(sent)
    lacksRoutes = streams.values.contains { stream in
      (stream.sent[.listener] ?? [:]).values.contains { listener in
        listener.needs.contains { $0.type == .routes && !holds($0) }
      }
    }
  }

  private func holds(_ key: ResourceKey) -> Bool {
    streams.values.contains { $0.sent[key.type]?[key.name] != nil }
  }
}

// How far the proxy is.
extension ProxyRecord {
  /// How long a proxy has after an answer to ask for the types that follow: Envoy asks for listeners
  /// once it has its clusters, for route configurations once it has their listeners, and for virtual
  /// hosts once it has a route configuration.
  static let followUpTime = 1.0

  /// By type, on the stream that is the furthest behind.
  var types: [ResourceType: ProxyTypeStatus] {
    guard isConnected else { return acked.mapValues { ProxyTypeStatus(acked: $0) } }
    var types: [ResourceType: ProxyTypeStatus] = [:]
    for stream in streams.values {
      for (type, standing) in stream.types {
        let status = ProxyTypeStatus(acked: lastAcked(type, on: stream), sent: standing.sent)
        types[type] = types[type].map { least($0, status) } ?? status
      }
    }
    return types
  }

  /// What was acked of a type; where a stream began with a refusal, on former ones.
  private func lastAcked(_ type: ResourceType, on stream: ProxyConnection) -> Int? {
    if let acked = stream.types[type]?.acked { return acked }
    return stream.progress(of: type) == .refused ? acked[type] : nil
  }

  private func least(_ left: ProxyTypeStatus, _ right: ProxyTypeStatus) -> ProxyTypeStatus {
    (left.acked ?? 0) <= (right.acked ?? 0) ? left : right
  }

  /// The newest revision of which the proxy has everything that it asked for; nil if there is none.
  func applied(_ fleets: FleetChanges, at now: Date) -> Int? {
    guard isConnected else { return lastApplied }
    guard !isStarting(at: now) else { return nil }
    let changed = fleets[node.fleet]
    var applied = Int.max
    var isCurrent = !lacksRoutes || !asks(for: .routes)
    if !isCurrent { applied = changed - 1 }
    for stream in streams.values {
      for (type, standing) in stream.types {
        guard let acked = lastAcked(type, on: stream) else { return nil }
        applied = min(applied, acked)
        guard stream.progress(of: type) != .current else { continue }
        // What was acked as of that revision was less than what is asked for by now.
        isCurrent = false
        applied = min(applied, max(stream.revision, standing.sent ?? 0) - 1)
        if changed > 0 { applied = min(applied, changed - 1) }
      }
    }
    guard applied >= 1, applied < .max else { return nil }
    return isCurrent && changed > 0 && applied >= changed ? max(applied, fleets.newest) : applied
  }

  /// Whether the proxy has what it asked for, but is about to ask for more.
  private func isStarting(at now: Date) -> Bool {
    guard let completeSince else { return true }
    guard now.timeIntervalSince(completeSince) < Self.followUpTime else { return false }
    return asks(for: .cluster) && !asks(for: .listener)
      || lacksRoutes && !asks(for: .routes)
      || holdsRoutesAwaitingVirtualHosts && !asks(for: .virtualHost)
  }

  private var holdsRoutesAwaitingVirtualHosts: Bool {
    streams.values.contains { stream in
      (stream.sent[.routes] ?? [:]).values.contains(where: \.awaitsVirtualHosts)
    }
  }

  private func asks(for type: ResourceType) -> Bool {
    streams.values.contains { $0.types[type] != nil }
  }

  /// The refusals that still keep the proxy from having the newest revision, each with the newest
  /// revision that it is known to stand in the way of.
  var standingRefusals: [(rejection: StoredRejection, upTo: Int)] {
    guard !refusals.isEmpty else { return [] }
    return streams.values.flatMap { stream in
      stream.types.compactMap { type, standing in
        guard stream.progress(of: type) == .refused,
          let refusal = refusals.last(where: {
            $0.rejection.type == type && $0.rejection.revision == standing.rejection?.revision
          })
        else { return nil }
        return (refusal.rejection, max(stream.revision, refusal.rejection.revision))
      }
    }
  }

  func state(_ fleets: FleetChanges, at now: Date) -> Proxy.State {
    guard isConnected else { return .offline }
    if let applied = applied(fleets, at: now), applied >= fleets.newest { return .synced }
    return standingRefusals.isEmpty ? .pending : .rejected
  }
}

extension ProxyRecord {
  func proxy(_ fleets: FleetChanges, at now: Date) -> Proxy {
    Proxy(
      id: node.id,
      fleet: node.fleet,
      version: node.version,
      locality: node.locality,
      state: state(fleets, at: now),
      applied: applied(fleets, at: now),
      connectedSince: streams.values.map(\.opened).min(),
      firstSeen: firstSeen,
      lastSeen: isConnected ? now : lastSeen,
      streams: streams.values.sorted { $0.id < $1.id },
      types: types,
      rejection: refusals.last?.rejection
    )
  }

  func entry(for revision: Int, _ fleets: FleetChanges, at now: Date) -> Rollout.Entry {
    var entry = Rollout.Entry(id: node.id, fleet: node.fleet, state: .pending)
    let applied = applied(fleets, at: now) ?? 0
    if let refusal = refusals.last(where: { $0.rejection.covers(revision) }) {
      entry.state = .rejected
      entry.rejection = refusal.rejection
    } else if applied >= revision {
      entry.state = .acked
    } else if !isConnected {
      entry.state = .offline
    } else if let standing = standingRefusals.first(where: {
      $0.rejection.since < revision && revision <= $0.upTo
    }) {
      entry.state = .rejected
      entry.rejection = standing.rejection
    } else if isSent(revision) {
      entry.state = .sent
    }
    return entry
  }

  private func isSent(_ revision: Int) -> Bool {
    streams.values.contains { stream in
      stream.types.contains { type, standing in
        stream.progress(of: type) != .current && standing.sent ?? 0 >= revision
      }
    }
  }
}

extension ProxyConnection {
  /// As the stream says, or by what was sent and answered.
  fileprivate func progress(of type: ResourceType) -> StreamProgress {
    if let progress = progress[type] { return progress }
    let standing = types[type] ?? ProxyStanding()
    let acked = standing.acked ?? 0
    if let rejection = standing.rejection, rejection.revision > acked,
      standing.sent ?? 0 <= rejection.revision
    {
      return .refused
    }
    return standing.sent ?? 0 > acked ? .pending : .current
  }
}
