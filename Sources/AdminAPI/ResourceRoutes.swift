import HashTreeCollections
import Hummingbird
import Model
import Publisher
import Snapshots
import Store

/// The operation that shows what a revision is compiled to.
struct ResourceRoutes: Sendable {
  let store: ConfigStore

  var operations: [Operation] {
    [
      Operation(
        .get,
        "/xds/{type}",
        parameters: Page.parameters.union(["fleet", "at"]),
        handler: list
      )
    ]
  }

  private func list(_ call: Call) async throws -> Response {
    let type = try ResourceType(plural: call.path("type"))
    let fleet = call.query["fleet"] ?? Gateway.everyFleet
    let head = try await store.compiledHead(for: call)
    // As they are for proxies that `chancery envoy-bootstrap` sets up.
    let resources = try store.served(head)[fleet].hostwise[type].byName
    let (items, last) = try Page(call.query).items(of: resources.keys.sorted()) { name in
      try resources[name].map { try ResourceView($0).json }
    }
    let number = head.revision.number
    return Response(
      page: [
        "fleet": .string(fleet),
        "type": .string(type.plural),
        "type_url": .string(type.url),
        "revision": .integer(Int64(number)),
        "resources": .array(items),
      ],
      last: last,
      of: "/xds/\(type.plural)",
      to: call,
      revision: number
    )
  }
}

extension ConfigStore {
  /// - Throws: A problem with every fault if the revision is not servable by this version.
  fileprivate func served(_ head: Head<Compiled>) throws -> FleetSnapshots {
    if let snapshots = snapshots(of: head) { return snapshots }
    try head.checkReadable()
    throw Problem(
      .unavailable,
      "Revision \(head.revision.number) is not servable by this version of Chancery.",
      flaws: (head.refusal?.faults ?? []).map(Problem.Flaw.init)
    )
  }
}

extension ResourceView {
  var json: JSONValue {
    ["name": .string(name), "version": .string(version), "resource": content]
  }
}
