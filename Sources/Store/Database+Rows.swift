import GRDB

extension Database {
  /// Makes rows as they are to be, in an order that breaks no reference on the way.
  func write(_ edits: [RowEdit]) throws {
    let puts = RowKey.Kind.allCases
    for kind in puts {
      for edit in edits where edit.key.kind == kind {
        if let body = edit.body { try put(edit.key, body) }
      }
    }
    for kind in puts.reversed() {
      for edit in edits where edit.key.kind == kind && edit.body == nil { try delete(edit.key) }
    }
  }

  private func put(_ key: RowKey, _ body: String) throws {
    switch key.kind {
    case .gateway, .service, .route:
      try cachedStatement(
        sql: """
          INSERT INTO \(key.kind.rawValue) (name, spec) VALUES (?, ?)
          ON CONFLICT (name) DO UPDATE SET spec = excluded.spec
          """
      ).execute(arguments: [key.name, body])
    case .endpoint:
      try cachedStatement(
        sql: """
          INSERT INTO endpoint (service, id, spec) VALUES (?, ?, ?)
          ON CONFLICT (service, id) DO UPDATE SET spec = excluded.spec
          """
      ).execute(arguments: [key.endpoint.service, key.endpoint.id, body])
    }
  }

  private func delete(_ key: RowKey) throws {
    switch key.kind {
    case .gateway, .service, .route:
      try cachedStatement(sql: "DELETE FROM \(key.kind.rawValue) WHERE name = ?")
        .execute(arguments: [key.name])
    case .endpoint:
      try cachedStatement(sql: "DELETE FROM endpoint WHERE service = ? AND id = ?")
        .execute(arguments: [key.endpoint.service, key.endpoint.id])
    }
  }
}
