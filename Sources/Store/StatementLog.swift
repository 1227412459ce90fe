import GRDB
import Synchronization

/// The statements that a store's connections ran, for looking at how SQLite plans them.
package final class StatementLog: Sendable {
  private let statements = Mutex<[String]>([])

  package init() {}

  /// Each once, in the order of their first use, with placeholders for values.
  package var all: [String] { statements.withLock { $0 } }

  func add(_ sql: String) {
    statements.withLock { if !$0.contains(sql) { $0.append(sql) } }
  }
}

extension Configuration {
  func logging(to log: StatementLog?) -> Self {
    guard let log else { return self }
    var configuration = self
    configuration.prepareDatabase { database in
      database.trace { event in
        if case .statement(let statement) = event { log.add(statement.sql) }
      }
    }
    return configuration
  }
}
