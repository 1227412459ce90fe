import GRDB
import Logging
import ServiceLifecycle

extension Store {
  /// Looks for other processes' writes every 250 ms, until graceful shutdown.
  package func run() async throws {
    var seen: Int?
    while !Task.isShuttingDownGracefully, !Task.isCancelled {
      do {
        seen = try await takeUpDirectWrites(since: seen)
      } catch  where trouble == nil {
        logger.warning(
          "Cannot look for direct writes",
          metadata: ["reason": "\(StoreUnavailable(error).reason)"]
        )
      } catch {
        // The watch has said so, once.
      }
      // Thrown when the wait is cut short, which is what ends the loop.
      try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .milliseconds(250)) }
    }
  }

  /// Takes up what others wrote, if the database is not as it was seen last.
  ///
  /// - Returns: As what it is seen now: a number that changes with each transaction of others
  ///   (https://www.sqlite.org/pragma.html#pragma_data_version).
  func takeUpDirectWrites(since seen: Int? = nil) async throws -> Int? {
    try await pool.writeWithoutTransaction { database in
      let present = try Int.fetchOne(database, sql: "PRAGMA data_version")
      if present != seen {
        // First, as it takes no lock: a token that was revoked goes, even if nothing can be written.
        try self.readTokens(in: database)
        try self.transact([], in: database)
      }
      // A file that is gone changes no number.
      try self.watch.check(database)
      return present
    }
  }
}
