package import HashTreeCollections
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
}

/// By which revisions an object was made and last changed, and by whom.
package struct Stamp: Hashable, Sendable {
  package struct Moment: Hashable, Sendable {
    package var revision: Int
    package var author: String
    /// RFC 3339, UTC, with milliseconds.
    package var at: String
  }

  package var created: Moment
  package var updated: Moment
}
