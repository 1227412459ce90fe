import GRDB
import Model

extension Database {
  /// The objects of which some row differs between two revisions, however long the history.
  ///
  /// Costs the rows that were written between the two, or two seeks for each name ever used if that
  /// may be less.
  func objectsDiffering(between one: Int, and other: Int) throws -> Set<ObjectKey> {
    let later = max(one, other)
    let earlier = min(one, other)
    guard let touched = try rowsTouched(after: earlier, upTo: later) else {
      return try rowsDiffering(between: earlier, and: later)
    }
    let differing = try touched.filter { row in
      try body(of: row, at: earlier) != body(of: row, at: later)
    }
    return Set(differing.map(\.object))
  }

  /// Above this many writes, looking at each name once is likely to cost less.
  private static let touchedLimit = 2000

  /// The rows that revisions wrote; nil if they are too many to be looked at one by one.
  private func rowsTouched(after earlier: Int, upTo later: Int) throws -> Set<RowKey>? {
    let rows = try Row.fetchAll(
      cachedStatement(
        sql: """
          SELECT kind, name FROM history WHERE valid_from > ? AND valid_from <= ? LIMIT ?
          """
      ),
      arguments: [earlier, later, Self.touchedLimit + 1]
    )
    return rows.count > Self.touchedLimit ? nil : Set(rows.compactMap(RowKey.init(row:)))
  }

  private func rowsDiffering(between one: Int, and other: Int) throws -> Set<ObjectKey> {
    let body = """
      SELECT body FROM history WHERE kind = o.kind AND name = o.name AND valid_from <= ?
      ORDER BY valid_from DESC LIMIT 1
      """
    let rows = try Row.fetchAll(
      cachedStatement(
        sql: """
          SELECT kind, name FROM object AS o
          WHERE kind IN (\(RowKey.Kind.allInSQL)) AND (\(body)) IS NOT (\(body))
          """
      ),
      arguments: [one, other]
    )
    return Set(rows.compactMap { RowKey(row: $0)?.object })
  }
}

extension RowKey.Kind {
  /// All of them for an `IN`: with the first column of a key, its order serves.
  static let allInSQL = allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
}
