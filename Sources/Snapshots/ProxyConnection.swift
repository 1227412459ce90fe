package import Foundation
package import HashTreeCollections

/// One open stream of a proxy.
package struct ProxyConnection: Identifiable, Sendable {
  /// Numbers the streams of this process from 1.
  package let id: Int
  package let node: ProxyNode
  package let dialect: Dialect
  package let opened: Date
  /// The types that the stream has asked for.
  package internal(set) var types = ByType<ProxyStanding>()
  /// What the stream holds of each type: all that it was sent, or was found to have.
  ///
  /// Shares the structure of the snapshot.
  package internal(set) var sent = ByType<TreeDictionary<String, Resource>>()
  /// How far each type is with what the stream should hold.
  package internal(set) var progress = ByType<StreamProgress>()
  /// The revision that the proxy should have: the newest that the stream has looked at.
  package internal(set) var revision = 0
}

/// How far a stream is with one type's part of its newest revision.
package enum StreamProgress: Hashable, Sendable {
  /// The proxy has acked all of it.
  case current
  /// Something is on its way or waits for its turn.
  case pending
  /// The proxy refused some of it, and nothing is sent again before it changes.
  case refused
}

/// What a proxy says of itself in its first request.
package struct ProxyNode: Hashable, Sendable {
  package var id: String
  /// `node.cluster`, as it came; empty if it was not set.
  package var fleet: String
  /// Envoy's version, such as `1.40.0`; empty if it does not say.
  package var version: String
  package var locality: Locality

  package init(id: String, fleet: String, version: String, locality: Locality = Locality()) {
    self.id = id
    self.fleet = fleet
    self.version = version
    self.locality = locality
  }
}

/// Where a proxy runs; each part is empty if the proxy does not say.
package struct Locality: Hashable, Sendable {
  package var region: String
  package var zone: String
  package var subZone: String

  package init(region: String = "", zone: String = "", subZone: String = "") {
    self.region = region
    self.zone = zone
    self.subZone = subZone
  }
}

/// How far a proxy is with one type of resource.
package struct ProxyStanding: Hashable, Sendable {
  /// The revision of the last response, or nil before the first.
  package var sent: Int?
  /// The newest revision that the proxy is known to have of this type: the one it acked, or the
  /// newest of all if that changes nothing for the proxy.
  package var acked: Int?
  /// The last response that the proxy refused, kept also after it took a later one.
  package var rejection: ProxyRejection?

  package init(sent: Int? = nil, acked: Int? = nil, rejection: ProxyRejection? = nil) {
    self.sent = sent
    self.acked = acked
    self.rejection = rejection
  }
}

/// A response that a proxy refused (a NACK).
package struct ProxyRejection: Hashable, Sendable {
  package var revision: Int
  /// The resources that the response carried or removed.
  package var names: [String]
  /// Envoy's text.
  package var message: String

  package init(revision: Int, names: [String], message: String) {
    self.revision = revision
    self.names = names
    self.message = message
  }
}
