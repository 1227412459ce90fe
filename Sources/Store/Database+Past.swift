import GRDB
import Model

extension Database {
  /// The names of a kind's objects at a revision, in their order, from after that one on.
  ///
  /// Costs a seek for each name ever used among them.
  func names(of kind: ObjectKind, at revision: Int, after name: String, limit: Int) throws
    -> [String]
  {
    try String.fetchAll(
      cachedStatement(
        sql: """
          SELECT o.name FROM object AS o
          WHERE o.kind = :kind AND o.name > :name AND (
            SELECT body FROM history
            WHERE kind = o.kind AND name = o.name AND valid_from <= :revision
            ORDER BY valid_from DESC LIMIT 1
          ) IS NOT NULL
          ORDER BY o.name LIMIT :limit
          """
      ),
      arguments: [
        "kind": RowKey(ObjectKey(kind, name)).kind.rawValue, "name": name,
        "revision": revision, "limit": limit,
      ]
    )
  }
}
