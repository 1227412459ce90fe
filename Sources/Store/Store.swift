package import Logging
package import Model
package import ServiceLifecycle

/// The document and all its revisions, in one SQLite file.
package final class Store<Compiled: Sendable>: ServiceLifecycle.Service {
  /// Judges a change, inside the transaction that would make it.
  ///
  /// - Parameters: the change; the document with it; what the document without it compiled to,
  ///   or nil if the change is from nothing.
  package typealias Gate =
    @Sendable (Change, Document, Compiled?) throws(Refusal) -> Compiled

  /// Told of every group of revisions right after its COMMIT and before any writer is answered,
  /// oldest first, one group after the other. The last head is what is to be served.
  package typealias Committed = @Sendable ([Head<Compiled>]) -> Void

  package init(
    path: String,
    seed: [ObjectEdit],
    logger: Logger,
    gate: @escaping Gate,
    committed: @escaping Committed
  ) throws {
    fatalError("To be written")
  }

  /// The newest committed revision.
  package var head: Head<Compiled> { fatalError("To be written") }

  /// Writes one revision, durable when this returns; or none, if the edits change nothing.
  ///
  /// - Throws: What the edit throws; the gate's `Refusal`; `StoreUnavailable`.
  package func write(_ request: WriteRequest<Compiled>) async throws -> WriteResult<Compiled> {
    fatalError("To be written")
  }

  /// Revisions with a number less than `before` (nil: from the head), newest first.
  package func revisions(before: Int?, limit: Int) async throws -> [RevisionSummary] {
    fatalError("To be written")
  }

  /// A revision with all that it changed; nil if there is none of that number.
  package func revision(_ number: Int) async throws -> RevisionDetail? {
    fatalError("To be written")
  }

  /// The edits that make the head's document that of revision `number`; for a rollback.
  ///
  /// Costs the objects that differ. nil if there is no such revision.
  package func edits(to number: Int, from head: Head<Compiled>) throws -> [ObjectEdit]? {
    fatalError("To be written")
  }

  /// Looks for other processes' writes every 250 ms, until graceful shutdown.
  package func run() async throws { fatalError("To be written") }

  /// Closes the database after the writes in progress.
  package func close() throws { fatalError("To be written") }
}

/// A revision and how many objects of each kind it touched.
package struct RevisionSummary: Hashable, Sendable {
  package var revision: Revision
  package var counts: Counts

  package struct Counts: Hashable, Sendable {
    package var added: Int
    package var changed: Int
    package var removed: Int
  }
}

/// A revision and what it did to each object, in JSON: a direct one's may fit no schema.
package struct RevisionDetail: Hashable, Sendable {
  package struct Entry: Hashable, Sendable {
    package var key: ObjectKey
    /// The object without its name; nil is absent.
    package var before: JSONValue?
    package var after: JSONValue?
  }

  package var revision: Revision
  /// Sorted by key.
  package var entries: [Entry]
}

/// Why the store cannot write now, although the request may be right: 503.
package struct StoreUnavailable: Error, Sendable {
  package var reason: String
}
