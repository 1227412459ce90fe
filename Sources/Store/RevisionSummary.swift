package import Model

/// A revision and how many objects it touched.
package struct RevisionSummary: Hashable, Sendable {
  /// What happened to how many objects, endpoints being part of their service.
  package struct Counts: Hashable, Sendable {
    package var added = 0
    package var changed = 0
    package var removed = 0

    package init(added: Int = 0, changed: Int = 0, removed: Int = 0) {
      self.added = added
      self.changed = changed
      self.removed = removed
    }

    /// Counts one object by whether it was there and is there.
    mutating func count(before: Bool, after: Bool) {
      switch (before, after) {
      case (false, true): added += 1
      case (true, true): changed += 1
      case (true, false): removed += 1
      case (false, false): break
      }
    }

    /// Those of a revision that takes this one back.
    var reversed: Self { Self(added: removed, changed: changed, removed: added) }
  }

  package var revision: Revision
  package var counts: Counts

  package init(revision: Revision, counts: Counts) {
    self.revision = revision
    self.counts = counts
  }
}

/// A revision and what it did to each object, in JSON: a direct one's may fit no schema.
package struct RevisionDetail: Hashable, Sendable {
  /// One object before and after.
  package struct Entry: Hashable, Sendable {
    package var key: ObjectKey
    /// The object without its name; nil is absent.
    package var before: JSONValue?
    package var after: JSONValue?

    package init(key: ObjectKey, before: JSONValue?, after: JSONValue?) {
      self.key = key
      self.before = before
      self.after = after
    }
  }

  package var revision: Revision
  /// Sorted by key.
  package var entries: [Entry]

  package init(revision: Revision, entries: [Entry]) {
    self.revision = revision
    self.entries = entries
  }
}
