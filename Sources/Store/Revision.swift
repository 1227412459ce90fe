package import Model

/// A committed transaction on the document, numbered from 1 without gaps; it never changes.
package struct Revision: Hashable, Sendable {
  /// Who wrote it, and to what end.
  package enum Kind: Hashable, Sendable {
    /// A write through the API.
    case change
    /// Restores the document of that revision.
    case rollback(of: Int)
    /// Written past Chancery, by SQL.
    case direct
    /// Restores the last servable document after a direct write that was not.
    case repair
  }

  package var number: Int
  package var kind: Kind
  package var author: String
  package var message: String?
  /// RFC 3339, UTC, with milliseconds.
  package var at: String
  /// Why a direct revision cannot be served; empty for every other.
  package var faults: [Fault]

  package init(
    number: Int,
    kind: Kind,
    author: String,
    message: String? = nil,
    at: String,
    faults: [Fault] = []
  ) {
    self.number = number
    self.kind = kind
    self.author = author
    self.message = message
    self.at = at
    self.faults = faults
  }

  /// The revision before, whose document this one changed; nil for the first.
  package var parent: Int? { number > 1 ? number - 1 : nil }

  var moment: Stamp.Moment { Stamp.Moment(revision: number, author: author, at: at) }
}
