/// What makes a write known again when it is sent again.
package struct IdempotencyKey: Hashable, Sendable {
  package var principal: String
  package var method: String
  package var path: String
  /// What the client chose.
  package var key: String
  /// A hash of what the client asked for.
  package var digest: String

  package init(principal: String, method: String, path: String, key: String, digest: String) {
    self.principal = principal
    self.method = method
    self.path = path
    self.key = key
    self.digest = digest
  }
}

/// An answer as it was given.
package struct RecordedAnswer: Hashable, Sendable {
  package var status: Int
  package var headers: [String: String]
  package var body: [UInt8]

  package init(status: Int, headers: [String: String], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// Keeps a write's answer for 24 hours, in the transaction of the write itself.
package struct Recording<Compiled: Sendable>: Sendable {
  package var key: IdempotencyKey
  /// The answer to what the write did, or to why it did nothing; nil if that is not to be kept.
  package var answer: @Sendable (Result<WriteResult<Compiled>, any Error>) -> RecordedAnswer?

  package init(
    key: IdempotencyKey,
    answer:
      @escaping @Sendable (Result<WriteResult<Compiled>, any Error>) -> RecordedAnswer?
  ) {
    self.key = key
    self.answer = answer
  }
}

/// Thrown to a writer whose write was answered before: nothing was written again.
package struct AnsweredBefore: Error, Hashable, Sendable {
  package var answer: RecordedAnswer
}

/// Thrown to a writer that uses the key of another write.
package struct KeyReused: Error, Hashable, Sendable {}
