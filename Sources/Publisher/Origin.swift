package import Model
package import Snapshots
package import Store
import XDSCompiler

/// An object that a resource was made of, and by which revision and whom it was last changed.
package struct Origin: Hashable, Sendable {
  package var key: ObjectKey
  package var changed: Stamp.Moment

  package init(key: ObjectKey, changed: Stamp.Moment) {
    self.key = key
    self.changed = changed
  }
}

extension ConfigStore {
  /// The objects behind resources as a revision has them, the last changed one first: the one to
  /// look at when a proxy refuses them.
  ///
  /// They are those that the resources are named after, and of the routes in them those that
  /// changed after the revision `since`. Costs what changed since then; at most `limit` are told.
  package func origins(
    of resources: [ResourceKey],
    since: Int,
    at revision: Int,
    limit: Int = 100
  ) async throws -> [Origin] {
    var keys = Set(resources.compactMap(\.namesake))
    let holders = resources.filter { $0.type == .routes || $0.type == .virtualHost }
    if !holders.isEmpty {
      let changed = try await routes(changedAfter: since, upTo: revision, limit: 1000)
      keys.formUnion(changed.filter { _, route in holders.contains { $0.holds(route) } }.keys)
    }
    let origins = try await stamps(of: keys, at: revision).map { key, stamp in
      Origin(key: key, changed: stamp.updated)
    }
    let newestFirst = origins.sorted {
      ($1.changed.revision, $0.key) < ($0.changed.revision, $1.key)
    }
    return Array(newestFirst.prefix(limit))
  }
}
