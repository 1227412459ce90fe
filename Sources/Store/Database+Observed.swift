import Foundation
import GRDB

extension Database {
  func observations() throws -> Observations {
    Observations(
      proxies: try Row.fetchAll(self, sql: "SELECT * FROM proxy ORDER BY id")
        .map(ObservedProxy.init(row:)),
      rejections: try Row.fetchAll(
        self,
        sql: "SELECT * FROM rejection ORDER BY proxy, at, revision"
      ).map(ObservedRejection.init(row:))
    )
  }

  func keep(_ observations: Observations) throws {
    for id in observations.forgotten { try forgetProxy(id) }
    for proxy in observations.proxies { try put(proxy) }
    for rejection in observations.dropped { try drop(rejection) }
    for rejection in observations.rejections { try put(rejection) }
  }

  private func forgetProxy(_ id: String) throws {
    try cachedStatement(sql: "DELETE FROM proxy WHERE id = ?").execute(arguments: [id.storable])
  }

  private func drop(_ rejection: ObservedRejection) throws {
    try cachedStatement(
      sql: "DELETE FROM rejection WHERE proxy = ? AND type = ? AND revision = ?"
    ).execute(arguments: [rejection.proxy.storable, rejection.type, rejection.revision])
  }

  private func put(_ proxy: ObservedProxy) throws {
    try cachedStatement(
      sql: """
        INSERT INTO proxy
          (id, fleet, version, region, zone, sub_zone, first_seen, last_seen, applied, acked)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET
          fleet = excluded.fleet, version = excluded.version, region = excluded.region,
          zone = excluded.zone, sub_zone = excluded.sub_zone, last_seen = excluded.last_seen,
          applied = excluded.applied, acked = excluded.acked
        """
    ).execute(arguments: [
      proxy.id.storable, proxy.fleet.storable, proxy.version.storable, proxy.region.storable,
      proxy.zone.storable, proxy.subZone.storable, proxy.firstSeen.stored, proxy.lastSeen.stored,
      proxy.applied, try proxy.acked.json,
    ])
  }

  private func put(_ rejection: ObservedRejection) throws {
    try cachedStatement(
      sql: """
        INSERT INTO rejection (proxy, type, revision, since, names, message, at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (proxy, type, revision) DO UPDATE SET
          since = excluded.since, names = excluded.names, message = excluded.message,
          at = excluded.at
        """
    ).execute(arguments: [
      rejection.proxy.storable, rejection.type, rejection.revision, rejection.since,
      try rejection.names.json, rejection.message.storable, rejection.at,
    ])
  }
}

extension ObservedProxy {
  fileprivate init(row: Row) throws {
    self.init(
      id: row["id"],
      fleet: row["fleet"],
      version: row["version"],
      region: row["region"],
      zone: row["zone"],
      subZone: row["sub_zone"],
      firstSeen: Date(stored: row["first_seen"]),
      lastSeen: Date(stored: row["last_seen"]),
      applied: row["applied"],
      acked: [String: Int](json: row["acked"]) ?? [:]
    )
  }
}

extension ObservedRejection {
  fileprivate init(row: Row) throws {
    self.init(
      proxy: row["proxy"],
      type: row["type"],
      revision: row["revision"],
      since: row["since"],
      names: [String](json: row["names"]) ?? [],
      message: row["message"],
      at: row["at"]
    )
  }
}

extension String {
  /// Without the one character that SQLite's texts end at: proxies may say anything.
  fileprivate var storable: String {
    utf8.contains(0) ? replacing("\u{0}", with: "\u{FFFD}") : self
  }
}

extension Date {
  private static let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

  /// RFC 3339, UTC, with milliseconds.
  var stored: String { formatted(Self.format) }

  /// What anybody made unreadable is as long ago as can be.
  init(stored text: String) {
    self = (try? Self.format.parse(text)) ?? .distantPast
  }
}

extension Encodable {
  fileprivate var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}

extension Decodable {
  fileprivate init?(json text: String) {
    guard let value = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else {
      return nil
    }
    self = value
  }
}
