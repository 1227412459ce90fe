import Foundation
import GRDB
import Model

extension Database {
  /// - Throws: `AnsweredBefore` or `KeyReused` if the key was used in the last 24 hours.
  func checkUnused(_ key: IdempotencyKey, at time: Date) throws {
    let row = try Row.fetchOne(
      cachedStatement(
        sql: """
          SELECT digest, status, headers, body FROM idempotency
          WHERE principal = ? AND method = ? AND path = ? AND key = ? AND at > ?
          """
      ),
      arguments: [
        key.principal, key.method, key.path, key.key, time.seconds - Self.recordingLifetime,
      ]
    )
    guard let row else { return }
    guard row["digest"] == key.digest else { throw KeyReused() }
    throw AnsweredBefore(
      answer: RecordedAnswer(
        status: row["status"],
        headers: [String: String](text: row["headers"]),
        body: Array(row["body"] as Data)
      )
    )
  }

  /// Keeps an answer, and forgets those that are too old.
  func record(_ answer: RecordedAnswer, of key: IdempotencyKey, at time: Date) throws {
    try cachedStatement(sql: "DELETE FROM idempotency WHERE at <= ?")
      .execute(arguments: [time.seconds - Self.recordingLifetime])
    try cachedStatement(
      sql: """
        INSERT INTO idempotency (principal, method, path, key, digest, status, headers, body, at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      key.principal, key.method, key.path, key.key, key.digest, answer.status,
      JSONValue.object(answer.headers.mapValues { .string($0) }).text, Data(answer.body),
      time.seconds,
    ])
  }

  /// In seconds.
  private static var recordingLifetime: Int { 24 * 3600 }
}

extension Date {
  fileprivate var seconds: Int { Int(timeIntervalSince1970.rounded(.down)) }
}

extension [String: String] {
  fileprivate init(text: String) {
    self = [:]
    guard case .object(let members) = try? JSONValue(json: text) else { return }
    for case (let name, .string(let value)) in members { self[name] = value }
  }
}
