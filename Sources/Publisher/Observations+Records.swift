import Foundation
import Snapshots
import Store

// Between what is remembered and what is stored.

extension ObservedProxy {
  init(_ record: ProxyRecord) {
    let node = record.node
    self.init(
      id: node.id,
      fleet: node.fleet,
      version: node.version,
      region: node.locality.region,
      zone: node.locality.zone,
      subZone: node.locality.subZone,
      firstSeen: record.firstSeen,
      lastSeen: record.lastSeen,
      applied: record.lastApplied,
      acked: Dictionary(
        uniqueKeysWithValues: record.acked.map { ($0.key.storedName, $0.value) }
      )
    )
  }
}

extension ProxyRecord {
  init(_ proxy: ObservedProxy) {
    let locality = Locality(region: proxy.region, zone: proxy.zone, subZone: proxy.subZone)
    let node = ProxyNode(
      id: proxy.id,
      fleet: proxy.fleet,
      version: proxy.version,
      locality: locality
    )
    self.init(node, firstSeen: proxy.firstSeen)
    lastSeen = proxy.lastSeen
    savedSeen = proxy.lastSeen
    lastApplied = proxy.applied
    for (name, revision) in proxy.acked {
      if let type = ResourceType(storedName: name) { acked[type] = revision }
    }
  }
}

extension ObservedRejection {
  init(_ rejection: StoredRejection, of proxy: String) {
    self.init(
      proxy: proxy,
      type: rejection.type.storedName,
      revision: rejection.revision,
      since: rejection.since,
      names: rejection.names,
      message: rejection.message,
      at: rejection.at
    )
  }
}

extension StoredRejection {
  /// nil for a type that only another version of Chancery knows.
  init?(_ rejection: ObservedRejection) {
    guard let type = ResourceType(storedName: rejection.type) else { return nil }
    self.init(
      type: type,
      revision: rejection.revision,
      since: rejection.since,
      names: rejection.names,
      message: rejection.message,
      at: rejection.at
    )
  }
}

extension ResourceType {
  /// The last word of the type's URL, such as `ClusterLoadAssignment`.
  var storedName: String { String(url.split(separator: ".").last ?? "") }

  init?(storedName: String) {
    guard let type = Self.allCases.first(where: { $0.storedName == storedName }) else { return nil }
    self = type
  }
}
