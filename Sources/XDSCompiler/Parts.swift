import HashTreeCollections
import Model

/// Each object's own resources, whichever fleets they are for.
struct Parts: Sendable {
  private(set) var services: TreeDictionary<String, ServiceResources> = [:]
  private(set) var gateways: TreeDictionary<String, GatewayResources> = [:]
  private var routes: TreeDictionary<String, EncodedRoute> = [:]

  /// Compiles the objects that changed.
  ///
  /// - Throws: Every fault that is in any of them.
  mutating func follow(_ change: Change) throws(Refusal) {
    let faults = FaultCollector()
    for (name, _, after) in change.services {
      faults.collect { () throws(Refusal) in try replace(service: name, with: after) }
    }
    for (name, _, after) in change.routes {
      faults.collect { () throws(Refusal) in
        routes[name] = try after.map { route throws(Refusal) in
          try EncodedRoute(route, named: name)
        }
      }
    }
    for (name, _, after) in change.gateways {
      faults.collect { () throws(Refusal) in try replace(gateway: name, with: after) }
    }
    try faults.check()
  }

  /// Recompiles the virtual hosts that have a route which was bound or unbound.
  mutating func follow(_ bindings: BindingChange) throws(Refusal) {
    for (gateway, edits) in virtualHostEdits(of: bindings) {
      try gateways[gateway]?.update(edits)
    }
  }

  private mutating func replace(service name: String, with after: Service?) throws(Refusal) {
    guard let after else {
      services[name] = nil
      return
    }
    services[name] = try ServiceResources(of: after, named: name).reusing(services[name])
  }

  private mutating func replace(gateway name: String, with after: Gateway?) throws(Refusal) {
    guard let after else {
      gateways[name] = nil
      return
    }
    if gateways[name] == nil {
      gateways[name] = try GatewayResources(of: after, named: name)
    } else {
      try gateways[name]?.update(after)
    }
  }

  /// By gateway and domain.
  private func virtualHostEdits(
    of bindings: BindingChange
  ) -> [String: [String: VirtualHostEdit]] {
    var edits: [String: [String: VirtualHostEdit]] = [:]
    for binding in bindings.undone {
      for domain in binding.route.domains {
        edits[binding.gateway, default: [:]][domain, default: .init()].removed.insert(binding.name)
      }
    }
    for binding in bindings.made {
      guard let route = routes[binding.name] else { continue }
      for domain in binding.route.domains {
        edits[binding.gateway, default: [:]][domain, default: .init()].added.append(route)
      }
    }
    return edits
  }
}

extension FaultCollector {
  /// Runs a step, and notes why it is refused if it is.
  fileprivate func collect(_ step: () throws(Refusal) -> Void) {
    do {
      try step()
    } catch {
      for fault in error.faults { add(fault.pointer, fault.code, fault.detail) }
    }
  }
}
