import Hummingbird
import Model
import Publisher
import Snapshots
import Store

/// What a write would do, as a dry run finds out.
struct Plan: Sendable {
  private let result: ConfigWriteResult
  private let resources: ResourceChanges

  init(_ result: ConfigWriteResult) {
    self.result = result
    resources = ResourceChanges(of: result)
  }

  /// Of the revision that the write would be made on.
  func response(to call: Call) -> Response {
    Response(.ok, json, to: call, revision: result.base.revision.number)
  }

  private var json: JSONValue {
    let plan: JSONValue = [
      "changes": .array(result.change.objects.map(\.withPatch)),
      "xds": [
        "added": .array(resources.added.map(\.json)),
        "changed": .array(resources.changed.map(\.json)),
        "removed": .array(resources.removed.map(\.json)),
      ],
    ]
    return plan.merging(result.warnings)
  }
}

extension ResourceKey {
  fileprivate var json: JSONValue { ["type": .string(type.plural), "name": .string(name)] }
}
