import HashTreeCollections
package import Model
package import Snapshots

/// What a document compiles to: the Envoy resources of every fleet.
///
/// A value whose copies share structure. It keeps, beside the snapshots, what makes following a
/// change cost what the change touches: each object's own resources, and which fleets' routes
/// reach which services.
package struct Compilation: Sendable {
  /// The snapshots, their revision still 0: the same document may be served as several.
  package private(set) var fleets = FleetSnapshots(others: .empty)
  /// The resources that may differ, in any fleet, from those of the compilation before; nil after
  /// a full one, or when the set of fleets changed: then any may.
  package private(set) var changed: Set<ResourceKey>?

  private(set) var document = Document()
  private(set) var parts = Parts()
  private var reach = Reach()
  /// The gateways by the fleet that they name.
  private var gatewaysOfFleet = Tally<String>()

  /// Compiles a whole document.
  ///
  /// - Throws: Every fault of what Envoy would not take.
  package init(of document: Document) throws(Refusal) {
    try follow(document.asChange, to: document)
    changed = nil
  }

  /// Recompiles what a change touches; equal to `init(of: document)` but for `changed`.
  ///
  /// - Parameters:
  ///   - change: What led from the compiled document to `document`, checked against it.
  ///   - document: The document after the change.
  /// - Returns: The compilation of `document`.
  /// - Throws: Every fault, in the changed objects, of what Envoy would not take.
  package func following(
    _ change: Change,
    to document: Document
  ) throws(Refusal) -> Compilation {
    var next = self
    try next.follow(change, to: document)
    return next
  }

  private mutating func follow(_ change: Change, to document: Document) throws(Refusal) {
    let former = self
    let bindings = BindingChange(of: change, from: former.document, to: document)
    try parts.follow(change)
    try parts.follow(bindings)
    for binding in bindings.undone { reach.undo(binding) }
    for binding in bindings.made { reach.make(binding) }
    for (_, before, after) in change.gateways {
      if let before { gatewaysOfFleet.add(-1, to: before.effectiveFleet) }
      if let after { gatewaysOfFleet.add(1, to: after.effectiveFleet) }
    }
    self.document = document
    assemble(after: former, change, bindings)
  }

  /// Puts the parts that the change touched in the snapshots of the fleets where they belong.
  private mutating func assemble(
    after former: Compilation,
    _ change: Change,
    _ bindings: BindingChange
  ) {
    var edit = FleetEdit(former.fleets, named: namedFleets)
    let rebound = bindings.undone + bindings.made
    let services = change.services.map(\.name) + rebound.flatMap(\.route.services)
    for service in Set(services) { place(service: service, after: former, in: &edit) }
    var domains: [String: Set<String>] = [:]
    for (name, _, _) in change.gateways { domains[name] = [] }
    for binding in rebound {
      domains[binding.gateway, default: []].formUnion(binding.route.domains)
    }
    for (gateway, domains) in domains {
      place(gateway: gateway, domains, after: former, in: &edit)
    }
    fleets = edit.fleets
    changed = namedFleets == former.namedFleets ? edit.changed : nil
  }

  private func place(service name: String, after former: Compilation, in edit: inout FleetEdit) {
    let homes = reach.fleets(reaching: name)
    let scope = homes.union(former.reach.fleets(reaching: name))
    let resources = parts.services[name]
    edit.place(ResourceKey(.cluster, name), resources?.cluster, in: scope, homes: homes)
    edit.place(ResourceKey(.endpoints, name), resources?.assignment, in: scope, homes: homes)
  }

  /// `domains` are those whose routes may have changed.
  private func place(
    gateway name: String,
    _ domains: Set<String>,
    after former: Compilation,
    in edit: inout FleetEdit
  ) {
    let homes = document.fleets(of: name)
    let scope = homes.union(former.document.fleets(of: name))
    let gateway = parts.gateways[name]
    for key in listenerKeys(of: name, after: former) {
      let isThere = gateway?.listener.key == key
      edit.place(
        listener: key,
        isThere ? gateway?.listener : nil,
        hostwise: isThere ? gateway?.hostwiseListener : nil,
        in: scope,
        homes: homes
      )
    }
    var resources: [ResourceKey: Resource?] = [
      .wholeRoutes(of: name): gateway?.routeConfiguration,
      .hostwiseRoutes(of: name): gateway?.hostwiseRouteConfiguration,
    ]
    for domain in domains {
      resources[.virtualHost(domain, of: name)] = .some(gateway?.virtualHosts[domain]?.resource)
    }
    for (key, resource) in resources { edit.place(key, resource, in: scope, homes: homes) }
  }

  /// Of the listeners that the gateway of that name had and has.
  private func listenerKeys(of gateway: String, after former: Compilation) -> Set<ResourceKey> {
    let keys = [former, self].compactMap { $0.parts.gateways[gateway]?.listener.key }
    return Set(keys)
  }

  private var namedFleets: Set<String> {
    gatewaysOfFleet.elements.subtracting([Gateway.everyFleet])
  }
}

extension Document {
  /// The fleet that the gateway of that name names; empty if there is none.
  fileprivate func fleets(of gateway: String) -> Set<String> {
    Set([gateways[gateway]?.effectiveFleet].compactMap { $0 })
  }
}

extension Snapshot {
  fileprivate static var empty: Snapshot {
    var snapshot = Snapshot(revision: 0)
    snapshot.hostwiseListeners = ResourceSet()
    return snapshot
  }
}
