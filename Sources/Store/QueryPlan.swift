import GRDB

/// How SQLite goes about a statement (https://www.sqlite.org/eqp.html).
package struct QueryPlan: Hashable, Sendable {
  package var sql: String
  /// Such as `SEARCH history USING PRIMARY KEY (kind=? AND name=? AND valid_from<?)`; if it cannot
  /// be prepared, the one reason why.
  package var steps: [String]

  /// The steps that read all of a table, or cannot be taken.
  package var scans: [String] {
    steps.filter { step in
      step.hasPrefix("SCAN ") && step != "SCAN CONSTANT ROW" || step.hasPrefix("no such ")
    }
  }
}

extension Store {
  /// The plans of those statements in a log that read the history.
  package func historyPlans(of log: StatementLog) async throws -> [QueryPlan] {
    let tables = /\b(history|object|revision)\b/
    let statements = log.all.filter { sql in
      sql.hasPrefix("SELECT") && sql.firstMatch(of: tables) != nil
    }
    return try await pool.read { database in
      // To be explained, a statement is not run, and so does not notice that the schema changed.
      _ = try database.newestRevision
      return try statements.map { QueryPlan(sql: $0, steps: try database.planSteps(of: $0)) }
    }
  }
}

extension Database {
  fileprivate func planSteps(of sql: String) throws -> [String] {
    do {
      let statement = try makeStatement(sql: "EXPLAIN QUERY PLAN \(sql)")
      statement.setUncheckedArguments(StatementArguments())
      return try Row.fetchAll(statement).map { $0["detail"] }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
      return [error.message ?? "\(error)"]
    }
  }
}
