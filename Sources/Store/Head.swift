package import HashTreeCollections
import Logging
package import Model

/// The newest committed revision, its document and what that compiled to: one value, so that a
/// reader sees all of one revision.
package struct Head<Compiled: Sendable>: Sendable {
  package var revision: Revision
  package var document: Document
  /// By which revisions each object was made and last changed.
  package var stamps: TreeDictionary<ObjectKey, Stamp>
  /// nil if the document is refused by this version of Chancery; see `refusal`.
  package var compiled: Compiled?
  /// Why a document that an earlier version accepted is not servable by this one.
  package var refusal: Refusal?
  /// The objects that this version does not understand, which the document therefore lacks.
  package internal(set) var unreadable: [ObjectKey: [Fault]] = [:]
  /// The services that are gone since the head before, also those that were made anew; nil if that
  /// is not known.
  package internal(set) var removedServices: Set<String>?

  package init(
    revision: Revision,
    document: Document,
    stamps: TreeDictionary<ObjectKey, Stamp> = [:],
    compiled: Compiled? = nil,
    refusal: Refusal? = nil
  ) {
    self.revision = revision
    self.document = document
    self.stamps = stamps
    self.compiled = compiled
    self.refusal = refusal
  }

  /// Puts an object as it is stored in place of the one of that key.
  mutating func take(_ object: StoredObject?, as key: ObjectKey) -> Change {
    let faults = FaultCollector()
    let value = object.flatMap { $0.object(of: key, faults: faults) }
    unreadable[key] = faults.faults.isEmpty ? nil : faults.faults
    return document.apply([(key, value)])
  }
}

extension Head {
  /// Says at level error why it is not servable, if so.
  func logRefusal(to logger: Logger) {
    guard let refusal else { return }
    logger.error(
      "The newest revision is not servable by this version of Chancery",
      metadata: [
        "revision": "\(revision.number)",
        "faults": .array(refusal.faults.map { "\($0.pointer): \($0.detail)" }),
      ]
    )
  }
}

/// By which revisions an object was made and last changed, and by whom.
package struct Stamp: Hashable, Sendable {
  /// A revision's number, author and time.
  package struct Moment: Hashable, Sendable {
    package var revision: Int
    package var author: String
    /// RFC 3339, UTC, with milliseconds.
    package var at: String

    package init(revision: Int, author: String, at: String) {
      self.revision = revision
      self.author = author
      self.at = at
    }
  }

  package var created: Moment
  package var updated: Moment

  package init(created: Moment, updated: Moment) {
    self.created = created
    self.updated = updated
  }
}
