import GRDB
import Model

extension Database {
  /// The rows that a revision changed, the open one included.
  func rowsChanged(in revision: Int) throws -> [RowKey] {
    try Row.fetchAll(
      cachedStatement(sql: "SELECT kind, name FROM history WHERE valid_from = ?"),
      arguments: [revision]
    ).compactMap(RowKey.init(row:))
  }

  /// A row's body at a revision; nil if it was absent.
  func body(of key: RowKey, at revision: Int) throws -> String? {
    let body = try Optional<String>.fetchOne(
      cachedStatement(
        sql: """
          SELECT body FROM history WHERE kind = ? AND name = ? AND valid_from <= ?
          ORDER BY valid_from DESC LIMIT 1
          """
      ),
      arguments: [key.kind.rawValue, key.name, revision]
    )
    return body ?? nil
  }

  /// All objects at a revision: a seek for each name ever used.
  func objects(at revision: Int) throws -> [ObjectKey: StoredObject] {
    try storedObjects(
      sql: "\(Self.rowsAt) AND o.kind IN (\(RowKey.Kind.allInSQL))",
      arguments: ["revision": revision]
    )
  }

  /// One object at a revision; nil if it was absent.
  func object(_ key: ObjectKey, at revision: Int) throws -> StoredObject? {
    let ofEndpoints =
      "OR (o.kind = 'endpoint' AND o.name > :name || '/' AND o.name < :name || '0')"
    return try storedObjects(
      sql: """
        \(Self.rowsAt) AND (
          (o.kind = :kind AND o.name = :name) \(key.kind == .service ? ofEndpoints : "")
        )
        """,
      arguments: ["revision": revision, "kind": key.kind.rawValue, "name": key.name]
    )[key]
  }

  /// The routes that have a change in `(since, revision]`, the last changed ones first.
  func routes(changedAfter since: Int, upTo revision: Int, limit: Int) throws -> [ObjectKey] {
    try String.fetchAll(
      cachedStatement(
        sql: """
          SELECT name FROM history INDEXED BY history_by_revision
          WHERE kind = 'route' AND valid_from > ? AND valid_from <= ?
          GROUP BY name ORDER BY max(valid_from) DESC LIMIT ?
          """
      ),
      arguments: [since, revision, limit]
    ).map { ObjectKey(.route, $0) }
  }

  // SQLite keeps the order of a CROSS JOIN (https://www.sqlite.org/optoverview.html#crossjoin):
  // names first. The other way round it would read all of the history.
  private static let rowsAt = """
    SELECT o.kind, o.name, h.body
    FROM object AS o CROSS JOIN history AS h ON h.kind = o.kind AND h.name = o.name
      AND h.valid_from = (
        SELECT max(valid_from) FROM history
        WHERE kind = o.kind AND name = o.name AND valid_from <= :revision
      )
    WHERE h.body IS NOT NULL
    """

  private func storedObjects(sql: String, arguments: StatementArguments) throws
    -> [ObjectKey: StoredObject]
  {
    var objects: [ObjectKey: StoredObject] = [:]
    let rows = try Row.fetchCursor(cachedStatement(sql: sql), arguments: arguments)
    while let row = try rows.next() {
      guard let key = RowKey(row: row), let body = row["body"] as String? else { continue }
      if key.kind == .endpoint {
        objects[key.object, default: StoredObject(spec: "{}")].endpoints[key.endpoint.id] = body
      } else {
        objects[key.object, default: StoredObject(spec: body)].spec = body
      }
    }
    return objects
  }
}

extension RowKey {
  init?(row: Row) {
    guard let kind = Kind(rawValue: row["kind"]) else { return nil }
    self.init(kind, row["name"])
  }
}
