import HashTreeCollections
import Model
import Snapshots

/// The resources that a gateway and its routes make.
struct GatewayResources: Sendable {
  private let name: String
  private(set) var listener: Resource
  private(set) var routeConfiguration: Resource
  private var virtualHosts: TreeDictionary<String, VirtualHost> = [:]

  /// A gateway without routes.
  init(of gateway: Gateway, named name: String) throws(Refusal) {
    self.name = name
    listener = try XDSCompiler.listener(of: gateway, named: name)
    routeConfiguration = try XDSCompiler.routeConfiguration(of: name, [:])
  }

  /// Follows a change of the gateway itself.
  mutating func update(_ gateway: Gateway) throws(Refusal) {
    listener = try XDSCompiler.listener(of: gateway, named: name).reusing(listener)
  }

  /// Follows changes of its routes, by domain.
  ///
  /// Costs the virtual hosts that they are in, and copying the others' bytes.
  mutating func update(_ edits: [String: VirtualHostEdit]) throws(Refusal) {
    for (domain, edit) in edits {
      let routes = edit.applied(to: virtualHosts[domain])
      virtualHosts[domain] =
        routes.isEmpty ? nil : try VirtualHost(routes, on: domain, of: name)
    }
    routeConfiguration = try XDSCompiler.routeConfiguration(of: name, virtualHosts)
      .reusing(routeConfiguration)
  }
}
