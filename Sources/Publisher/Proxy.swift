package import Foundation
package import Snapshots

/// What is known of a proxy, whether it is connected or was.
package struct Proxy: Identifiable, Sendable {
  /// How far a proxy is with the newest revision.
  package enum State: String, CaseIterable, Sendable {
    /// It has all of it.
    case synced
    /// It is being brought there.
    case pending
    /// It refused a part of it, and has the last good one.
    case rejected
    /// It is not connected.
    case offline
  }

  /// Its node id; several streams may have the same.
  package var id: String
  /// As the proxy says; empty if it does not.
  package var fleet: String
  /// Envoy's version, or empty.
  package var version: String
  package var locality: Locality
  package var state: State
  /// The newest revision that it has in full; while it is offline, that it is known to have had.
  ///
  /// nil before it took everything that it asked for. A revision that changes nothing for the proxy
  /// counts at once.
  package var applied: Int?
  /// Since when its oldest open stream is open; nil while it is offline.
  package var connectedSince: Date?
  package var firstSeen: Date
  package var lastSeen: Date
  /// The open ones, in the order of their opening.
  package var streams: [ProxyConnection]
  /// The types that it asks for; while it is offline, that it asked for.
  package var types: [ResourceType: ProxyTypeStatus]
  /// The last refusal, kept also after the proxy took something later.
  package var rejection: StoredRejection?
}

/// How far a proxy is with one type of resource, on that of its streams which is the furthest behind.
package struct ProxyTypeStatus: Hashable, Sendable {
  package var acked: Int?
  /// nil before the first response, and while the proxy is offline.
  package var sent: Int?
}

/// A response that a proxy refused, durably known.
package struct StoredRejection: Hashable, Sendable {
  package var type: ResourceType
  /// The revision that the response was of.
  package var revision: Int
  /// The last revision whose content of the type the proxy had taken.
  ///
  /// The refusal is of the revisions after it, up to `revision`; of none, if the proxy took the same
  /// later.
  package var since: Int
  /// The resources that the response carried or removed.
  package var names: [String]
  /// Envoy's text.
  package var message: String
  /// RFC 3339, UTC, with milliseconds.
  package var at: String

  /// Whether the refusal is of that revision.
  package func covers(_ revision: Int) -> Bool { since < revision && revision <= self.revision }
}

/// How far each proxy is with one revision.
package struct Rollout: Sendable {
  /// How far a proxy is with the revision.
  package enum State: String, CaseIterable, Sendable {
    case pending, sent, acked
    /// Stays, also when the proxy leaves or takes a later revision.
    case rejected
    /// The proxy left before it took the revision.
    case offline
  }

  /// One proxy and how far it is.
  package struct Entry: Identifiable, Sendable {
    /// The proxy's.
    package var id: String
    package var fleet: String
    package var state: State
    /// Set if the state is `rejected`.
    package var rejection: StoredRejection?
  }

  package var revision: Int
  /// Sorted by id.
  package var proxies: [Entry]

  /// Whether every proxy has the revision, those aside that are offline.
  package var isComplete: Bool { proxies.allSatisfy { $0.state == .acked || $0.state == .offline } }
  /// Whether any proxy refused it.
  package var isRejected: Bool { proxies.contains { $0.state == .rejected } }
}
