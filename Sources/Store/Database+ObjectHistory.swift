import GRDB
import Model

extension Database {
  /// The revisions before that one which changed an object, newest first.
  ///
  /// Costs so many seeks for the object, and for each endpoint that a service ever had.
  func revisions(changing key: ObjectKey, before number: Int, limit: Int) throws -> [Int] {
    var numbers = try revisions(changing: RowKey(key), before: number, limit: limit)
    if key.kind == .service {
      for endpoint in try endpoints(everOf: key.name) {
        numbers.formUnion(try revisions(changing: endpoint, before: number, limit: limit))
      }
    }
    return Array(numbers.sorted(by: >).prefix(limit))
  }

  private func revisions(changing row: RowKey, before number: Int, limit: Int) throws -> Set<Int> {
    try Int.fetchSet(
      cachedStatement(
        sql: """
          SELECT valid_from FROM history WHERE kind = ? AND name = ? AND valid_from < ?
          ORDER BY valid_from DESC LIMIT ?
          """
      ),
      arguments: [row.kind.rawValue, row.name, number, limit]
    )
  }

  private func endpoints(everOf service: String) throws -> [RowKey] {
    try String.fetchAll(
      cachedStatement(
        sql: """
          SELECT name FROM object
          WHERE kind = 'endpoint' AND name > :service || '/' AND name < :service || '0'
          """
      ),
      arguments: ["service": service]
    ).map { RowKey(.endpoint, $0) }
  }
}
