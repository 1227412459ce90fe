import Hummingbird
import Model
import Publisher
import Snapshots
import Store

/// What a write would do, as a dry run finds out.
struct Plan: Sendable {
  /// The revision that the write would be made on.
  private let revision: Int
  private let changes: [JSONValue]
  private let resources: ResourceChanges
  private var warnings: JSONValue = [:]

  init(_ result: ConfigWriteResult) {
    revision = result.base.revision.number
    changes = result.change.objects.map(\.withPatch)
    resources = ResourceChanges(of: result)
    warnings = result.warnings
  }

  /// Of a write that leaves the document as it is.
  init(on revision: Int, _ resources: ResourceChanges = ResourceChanges()) {
    self.revision = revision
    changes = []
    self.resources = resources
  }

  func response(to call: Call) -> Response {
    Response(.ok, json, to: call, revision: revision)
  }

  private var json: JSONValue {
    let plan: JSONValue = [
      "changes": .array(changes),
      "xds": [
        "added": .array(resources.added.map(\.json)),
        "changed": .array(resources.changed.map(\.json)),
        "removed": .array(resources.removed.map(\.json)),
      ],
    ]
    return plan.merging(warnings)
  }
}

extension ResourceKey {
  fileprivate var json: JSONValue { ["type": .string(type.plural), "name": .string(name)] }
}
