package import Model
package import Snapshots

/// What a document compiles to: the Envoy resources of every fleet.
package struct Compilation: Sendable {
  /// The snapshots, their revision still 0: the same document may be served as several.
  package private(set) var fleets: FleetSnapshots
  /// The resources that may differ, in any fleet, from those of the compilation before; nil after
  /// a full one, or when the set of fleets changed: then any may.
  package private(set) var changed: Set<ResourceKey>?

  /// Compiles a whole document.
  ///
  /// - Throws: Every fault of what Envoy would not take.
  package init(of document: Document) throws(Refusal) { fatalError("To be written") }

  /// Recompiles what a change touches; equal to `init(of: document)` but for `changed`.
  ///
  /// - Parameters:
  ///   - change: What led from the compiled document to `document`.
  ///   - document: The document after the change.
  package func following(_ change: Change, to document: Document) throws(Refusal) -> Compilation {
    fatalError("To be written")
  }
}
