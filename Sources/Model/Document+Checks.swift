import HashTreeCollections

extension Document {
  /// Checks a change that was just applied to this document against all that it touches.
  ///
  /// Costs what the change touches, not the document's size.
  ///
  /// - Throws: Every unknown reference; if there is none, every conflict with other objects.
  package func check(_ change: Change) throws(Refusal) {
    let unknown = change.routes.flatMap { name, _, after in
      after.map { unknownReferences(of: $0, named: name) } ?? []
    }
    if !unknown.isEmpty { throw Refusal(.invalid, unknown) }
    let conflicts = dependants(of: change) + portConflicts(in: change) + ambiguities(in: change)
    if !conflicts.isEmpty { throw Refusal(.conflict, Array(Set(conflicts))) }
  }

  private func unknownReferences(of route: Route, named name: String) -> [Fault] {
    let pointer = ObjectKey(.route, name).pointer
    let missingServices = route.references.filter { services[$0.service] == nil }
      .map { service, place in
        Fault(pointer + place, .unknownReference, "There is no service \"\(service)\".")
      }
    let missingGateways = (route.gateways ?? []).enumerated()
      .filter { gateways[$0.element] == nil }
      .map { index, gateway in
        Fault(
          "\(pointer)/gateways/\(index)",
          .unknownReference,
          "There is no gateway \"\(gateway)\"."
        )
      }
    return missingServices + missingGateways
  }

  private func dependants(of change: Change) -> [Fault] {
    change.edits.filter { $0.value.after == nil }.keys.flatMap { key in
      let routes =
        switch key.kind {
        case .service: index.routes(toService: key.name)
        case .gateway: index.routes(namingGateway: key.name)
        case .route: DocumentIndex.Names()
        }
      return routes.map { route in
        Fault(
          ObjectKey(.route, route).pointer,
          .stillReferenced,
          "The route \"\(route)\" still refers to the \(key.kind) \"\(key.name)\"."
        )
      }
    }
  }

  private func portConflicts(in change: Change) -> [Fault] {
    change.gateways.flatMap { name, _, after in
      guard let after else { return [Fault]() }
      return index.gateways(onPort: after.port)
        .filter { $0 != name && gateways[$0].map(after.collides) == true }
        .sorted().prefix(1)
        .map { other in
          Fault(
            ObjectKey(.gateway, name).pointer + "/port",
            .portInUse,
            "The gateway \"\(other)\" listens on port \(after.port) of the same proxies."
          )
        }
    }
  }

  private func ambiguities(in change: Change) -> [Fault] {
    change.routes.flatMap { name, _, after in
      guard let after else { return [Fault]() }
      return after.identities.compactMap { identity in
        let rival = index.routes(alike: identity)
          .filter { $0 != name && routes[$0].map(after.sharesGateway) == true }
          .min()
        return rival.map { rival in
          Fault(
            ObjectKey(.route, name).pointer,
            .ambiguousRoute,
            """
            The route "\(rival)" takes the same requests on host "\(identity.host)". \
            Change the match, or give one a higher priority.
            """
          )
        }
      }
    }
  }
}

extension Gateway {
  /// Whether some proxy would have to listen for both on one address and port.
  fileprivate func collides(with other: Gateway) -> Bool {
    port == other.port
      && (serves(fleet: other.effectiveFleet) || other.serves(fleet: effectiveFleet))
      && (listenAddress == other.listenAddress || isUnspecified || other.isUnspecified)
  }

  private var isUnspecified: Bool { ["0.0.0.0", "::"].contains(listenAddress) }
}

extension Route {
  fileprivate func sharesGateway(with other: Route) -> Bool {
    guard let gateways, let others = other.gateways else { return true }
    return !Set(gateways).isDisjoint(with: others)
  }
}
