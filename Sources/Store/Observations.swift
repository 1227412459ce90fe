package import Foundation

/// What is kept of a proxy.
package struct ObservedProxy: Hashable, Sendable {
  package var id: String
  package var fleet: String
  package var version: String
  package var region: String
  package var zone: String
  package var subZone: String
  package var firstSeen: Date
  package var lastSeen: Date
  /// The newest revision that it is known to have had in full.
  package var applied: Int?
  /// The newest revision that it acked, by the name of the type of resource.
  package var acked: [String: Int]

  package init(
    id: String,
    fleet: String = "",
    version: String = "",
    region: String = "",
    zone: String = "",
    subZone: String = "",
    firstSeen: Date,
    lastSeen: Date,
    applied: Int? = nil,
    acked: [String: Int] = [:]
  ) {
    self.id = id
    self.fleet = fleet
    self.version = version
    self.region = region
    self.zone = zone
    self.subZone = subZone
    self.firstSeen = firstSeen
    self.lastSeen = lastSeen
    self.applied = applied
    self.acked = acked
  }
}

/// What is kept of a response that a proxy refused.
package struct ObservedRejection: Hashable, Sendable {
  /// The proxy's id.
  package var proxy: String
  /// The name of the type of resource.
  package var type: String
  package var revision: Int
  /// The last revision that the refusal says nothing of.
  package var since: Int
  /// The resources that the response carried or removed.
  package var names: [String]
  package var message: String
  /// RFC 3339, UTC, with milliseconds.
  package var at: String

  package init(
    proxy: String,
    type: String,
    revision: Int,
    since: Int,
    names: [String],
    message: String,
    at: String
  ) {
    self.proxy = proxy
    self.type = type
    self.revision = revision
    self.since = since
    self.names = names
    self.message = message
    self.at = at
  }
}

/// What was observed of proxies: all that is kept, or what is to be kept from now on.
package struct Observations: Hashable, Sendable {
  /// Each replaces the one of its id.
  package var proxies: [ObservedProxy]
  /// Each replaces the one of its proxy, type and revision.
  package var rejections: [ObservedRejection]
  /// Ids of proxies that are to be forgotten, with their rejections, before the others are kept.
  package var forgotten: [String]
  /// Rejections of which nothing is to be kept, whatever else is said of their proxies.
  package var dropped: [ObservedRejection]

  package init(
    proxies: [ObservedProxy] = [],
    rejections: [ObservedRejection] = [],
    forgotten: [String] = [],
    dropped: [ObservedRejection] = []
  ) {
    self.proxies = proxies
    self.rejections = rejections
    self.forgotten = forgotten
    self.dropped = dropped
  }

  package var isEmpty: Bool {
    proxies.isEmpty && rejections.isEmpty && forgotten.isEmpty && dropped.isEmpty
  }
}
