import GRDB
import Model

extension Store {
  /// Makes one write of a group, in a savepoint of its own.
  ///
  /// - Throws: An error that took the whole transaction with it.
  func attempt(
    _ request: WriteRequest<Compiled>,
    on head: Head<Compiled>,
    in database: Database
  ) throws -> Result<WriteResult<Compiled>, any Error> {
    let recording = request.isDryRun ? nil : request.recording
    var result = WriteResult(base: head, head: head, change: Change())
    do {
      try database.inSavepoint {
        if let recording { try database.checkUnused(recording.key, at: ledger.now()) }
        result = try ledger.write(request, on: head, in: database)
        try recording.map { try record(.success(result), by: $0, in: database) }
        return request.isDryRun ? .rollback : .commit
      }
      return .success(result)
    } catch {
      // SQLite ends the transaction by itself when, for example, the disk is full.
      guard database.isInsideTransaction else { throw error }
      if let recording { try recordRefusal(error, by: recording, in: database) }
      return .failure(error is DatabaseError ? StoreUnavailable(error) : error)
    }
  }

  private func record(
    _ outcome: Result<WriteResult<Compiled>, any Error>,
    by recording: Recording<Compiled>,
    in database: Database
  ) throws {
    guard let answer = recording.answer(outcome) else { return }
    try database.record(answer, of: recording.key, at: ledger.now())
  }

  private func recordRefusal(
    _ error: any Error,
    by recording: Recording<Compiled>,
    in database: Database
  ) throws {
    if error is AnsweredBefore || error is KeyReused || error is DatabaseError { return }
    try record(.failure(error), by: recording, in: database)
  }
}
