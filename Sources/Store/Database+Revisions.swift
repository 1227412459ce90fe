import GRDB
import Model

extension Database {
  var newestRevision: Int? {
    get throws {
      try Optional<Int>.fetchOne(cachedStatement(sql: "SELECT max(number) FROM revision")) ?? nil
    }
  }

  func revision(_ number: Int) throws -> RevisionSummary? {
    try Row.fetchOne(
      cachedStatement(sql: "SELECT * FROM revision WHERE number = ?"),
      arguments: [number]
    ).map(RevisionSummary.init(row:))
  }

  /// Newest first.
  func revisions(before number: Int, limit: Int) throws -> [RevisionSummary] {
    try Row.fetchAll(
      cachedStatement(
        sql: "SELECT * FROM revision WHERE number < ? ORDER BY number DESC LIMIT ?"
      ),
      arguments: [number, limit]
    ).map(RevisionSummary.init(row:))
  }

  /// Closes the open revision: the changes recorded since the last one are this one's.
  func insert(_ revision: Revision, _ counts: RevisionSummary.Counts) throws {
    try cachedStatement(
      sql: """
        INSERT INTO revision
          (number, kind, author, message, at, rollback_of, faults, added, changed, removed)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      revision.number, revision.kind.name, revision.author, revision.message, revision.at,
      revision.kind.restored, revision.faults.isEmpty ? nil : revision.faults.text,
      counts.added, counts.changed, counts.removed,
    ])
  }

  /// By which revisions, up to one, an object was made and last changed; nil if it never was.
  func stamp(of key: ObjectKey, at revision: Int) throws -> Stamp? {
    let row = try Row.fetchOne(
      cachedStatement(sql: key.kind == .service ? Self.serviceStamp : Self.objectStamp),
      arguments: ["kind": key.kind.rawValue, "name": key.name, "revision": revision]
    )
    return row.map { row in
      Stamp(
        created: .init(revision: row[0], author: row[1], at: row[2]),
        updated: .init(revision: row[3], author: row[4], at: row[5])
      )
    }
  }

  private static let objectStamp = stampSQL(
    updated: """
      SELECT max(valid_from) FROM history
      WHERE kind = :kind AND name = :name AND valid_from <= :revision
      """
  )

  /// A change of its endpoints, those deleted included, is the service's.
  private static let serviceStamp = stampSQL(
    updated: """
      SELECT max(number) FROM (
        SELECT max(valid_from) AS number FROM history
        WHERE kind = :kind AND name = :name AND valid_from <= :revision
        UNION ALL
        SELECT (
          SELECT max(valid_from) FROM history
          WHERE kind = 'endpoint' AND name = o.name AND valid_from <= :revision
        ) FROM object AS o
        WHERE o.kind = 'endpoint' AND o.name > :name || '/' AND o.name < :name || '0'
      )
      """
  )

  private static func stampSQL(updated: String) -> String {
    """
    SELECT c.number, c.author, c.at, u.number, u.author, u.at
    FROM revision AS c, revision AS u
    WHERE c.number = (
      SELECT min(valid_from) FROM history
      WHERE kind = :kind AND name = :name AND valid_from > coalesce((
        SELECT max(valid_from) FROM history INDEXED BY history_deletions
        WHERE kind = :kind AND name = :name AND valid_from <= :revision AND body IS NULL
      ), 0)
    ) AND u.number = (\(updated))
    """
  }
}

extension RevisionSummary {
  init(row: Row) {
    revision = Revision(
      number: row["number"],
      kind: Revision.Kind(name: row["kind"], restored: row["rollback_of"]),
      author: row["author"],
      message: row["message"],
      at: row["at"],
      faults: [Fault](text: row["faults"])
    )
    counts = Counts(added: row["added"], changed: row["changed"], removed: row["removed"])
  }
}

extension Revision.Kind {
  fileprivate init(name: String, restored: Int?) {
    self =
      switch (name, restored) {
      case ("rollback", let restored?): .rollback(of: restored)
      case ("direct", _): .direct
      case ("repair", _): .repair
      default: .change
      }
  }

  fileprivate var name: String {
    switch self {
    case .change: "change"
    case .rollback: "rollback"
    case .direct: "direct"
    case .repair: "repair"
    }
  }

  fileprivate var restored: Int? {
    guard case .rollback(let number) = self else { return nil }
    return number
  }
}

extension [Fault] {
  fileprivate var text: String {
    JSONValue.array(
      map { fault in
        [
          "pointer": .string(fault.pointer), "code": .string(fault.code.rawValue),
          "detail": .string(fault.detail),
        ]
      }
    ).text
  }

  /// A code that this version does not know is an invalid value to it.
  fileprivate init(text: String?) {
    guard let text, case .array(let elements) = try? JSONValue(json: text) else {
      self = []
      return
    }
    self = elements.map { element in
      let text = { (member: String) -> String in
        guard case .string(let text) = element[member] else { return "" }
        return text
      }
      return Fault(
        text("pointer"),
        Fault.Code(rawValue: text("code")) ?? .invalidValue,
        text("detail")
      )
    }
  }
}
