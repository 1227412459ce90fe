import GRDB
import HashTreeCollections
package import Model

/// Which objects of a past revision are wanted.
package enum PastPart: Hashable, Sendable {
  case all
  case object(ObjectKey)
  /// Those of a kind by name, from after that one on.
  case page(of: ObjectKind, after: String, limit: Int)
}

extension Store {
  /// What the head was when that revision was the newest, with the wanted objects only and
  /// uncompiled; nil if there is no such revision.
  ///
  /// The present head is answered as it is. Else it costs the wanted objects, however long the
  /// history.
  package func head(at number: Int, _ part: PastPart) async throws -> Head<Compiled>? {
    let head = head
    if number == head.revision.number { return head }
    guard number >= 1, number < head.revision.number else { return nil }
    return try await pool.read { database in
      guard let revision = try database.revision(number)?.revision else { return nil }
      var past = Head<Compiled>(revision: revision, document: Document())
      for (key, object) in try database.objects(part, at: number) {
        _ = past.take(object, as: key)
        past.stamps[key] = try database.stamp(of: key, at: number)
      }
      return past
    }
  }

  /// What differs between two revisions, sorted by key; nil if there is no such revision.
  ///
  /// Costs what differs and, at most, two seeks for each name ever used.
  package func differences(
    from one: Int,
    to other: Int
  ) async throws -> [RevisionDetail.Entry]? {
    let newest = head.revision.number
    guard [one, other].allSatisfy({ $0 >= 0 && $0 <= newest }) else { return nil }
    return try await pool.read { database in
      try database.objectsDiffering(between: one, and: other).sorted()
        .map { try database.entry($0, from: one, to: other) }
        .filter { $0.before != $0.after }
    }
  }

  /// The revisions before that one (nil: from the head) which changed an object, newest first, each
  /// with what it did; nil if there never was such an object.
  package func history(
    of key: ObjectKey,
    before number: Int?,
    limit: Int
  ) async throws -> [ObjectRevision]? {
    try await pool.read { database in
      let numbers = try database.revisions(
        changing: key,
        before: number ?? .max,
        limit: limit
      )
      if numbers.isEmpty, try !database.hasHad(key) { return nil }
      return try numbers.compactMap { number in
        guard let revision = try database.revision(number)?.revision else { return nil }
        let entry = try database.entry(key, from: number - 1, to: number)
        return ObjectRevision(revision: revision, entry: entry)
      }
    }
  }
}

/// A revision and what it did to one object.
package struct ObjectRevision: Hashable, Sendable {
  package var revision: Revision
  package var entry: RevisionDetail.Entry

  package init(revision: Revision, entry: RevisionDetail.Entry) {
    self.revision = revision
    self.entry = entry
  }
}

extension Database {
  /// An object at two revisions.
  func entry(_ key: ObjectKey, from one: Int, to other: Int) throws -> RevisionDetail.Entry {
    RevisionDetail.Entry(
      key: key,
      before: try object(key, at: one)?.json(of: key.kind),
      after: try object(key, at: other)?.json(of: key.kind)
    )
  }

  fileprivate func objects(_ part: PastPart, at number: Int) throws -> [ObjectKey: StoredObject] {
    let keys: [ObjectKey]
    switch part {
    case .all: return try objects(at: number)
    case .object(let key): keys = [key]
    case .page(let kind, let name, let limit):
      keys = try names(of: kind, at: number, after: name, limit: limit)
        .map { ObjectKey(kind, $0) }
    }
    var objects: [ObjectKey: StoredObject] = [:]
    for key in keys { objects[key] = try object(key, at: number) }
    return objects
  }

  /// Whether the history, the open revision aside, knows the object.
  fileprivate func hasHad(_ key: ObjectKey) throws -> Bool {
    let row = RowKey(key)
    return try Bool.fetchOne(
      cachedStatement(
        sql: "SELECT EXISTS (SELECT 1 FROM object WHERE kind = ? AND name = ?)"
      ),
      arguments: [row.kind.rawValue, row.name]
    ) ?? false
  }
}
