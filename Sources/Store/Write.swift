package import Model

/// One edit of an object of the document; nil removes it.
package typealias ObjectEdit = (key: ObjectKey, value: ConfigObject?)

/// A wish to write one revision.
package struct WriteRequest<Compiled: Sendable>: Sendable {
  package var author: String
  package var message: String?
  /// `.change` or `.rollback`.
  package var kind: Revision.Kind
  /// Finds out what the write would do, and writes nothing.
  package var isDryRun = false
  /// Keeps the answer for when the same write is sent again; ignored by a dry run.
  package var recording: Recording<Compiled>?
  /// Says what to change, given the head that the write is made on.
  ///
  /// That may be newer than any the writer saw. What is thrown here is thrown to the writer, and
  /// nothing is written.
  /// It may be called again, on another head, if what was written with it could not be stored.
  package var edit: @Sendable (Head<Compiled>) throws -> [ObjectEdit]

  package init(
    author: String,
    message: String? = nil,
    kind: Revision.Kind = .change,
    edit: @escaping @Sendable (Head<Compiled>) throws -> [ObjectEdit]
  ) {
    self.author = author
    self.message = message
    self.kind = kind
    self.edit = edit
  }
}

/// What a write did.
package struct WriteResult<Compiled: Sendable>: Sendable {
  /// The head that the write was made on.
  package var base: Head<Compiled>
  /// The head right after the write, before any later one.
  package var head: Head<Compiled>
  /// Empty if nothing changed; then there is no new revision.
  package var change: Change

  package init(base: Head<Compiled>, head: Head<Compiled>, change: Change) {
    self.base = base
    self.head = head
    self.change = change
  }
}
