import HashTreeCollections
import Model
import Snapshots

/// The resources that a gateway and its routes make.
struct GatewayResources: Sendable {
  private let name: String
  private(set) var listener: Resource
  /// For streams that get virtual hosts as resources of their own.
  private(set) var hostwiseListener: Resource
  private(set) var routeConfiguration: Resource
  let hostwiseRouteConfiguration: Resource
  /// By domain.
  private(set) var virtualHosts: TreeDictionary<String, VirtualHost> = [:]
  private let whole: WholeRouteConfiguration
  /// The sum of the fingerprints of the virtual hosts.
  private var content = ContentHash.zero

  /// A gateway without routes.
  init(of gateway: Gateway, named name: String) throws(Refusal) {
    self.name = name
    listener = try XDSCompiler.listener(of: gateway, named: name, routedBy: .wholeRoutes(of: name))
    hostwiseListener =
      try XDSCompiler.listener(of: gateway, named: name, routedBy: .hostwiseRoutes(of: name))
    hostwiseRouteConfiguration = try XDSCompiler.hostwiseRouteConfiguration(of: name)
    whole = try WholeRouteConfiguration(of: name)
    routeConfiguration = whole.resource(of: virtualHosts, content: content)
  }

  /// Follows a change of the gateway itself.
  mutating func update(_ gateway: Gateway) throws(Refusal) {
    let next = try GatewayResources(of: gateway, named: name)
    listener = next.listener.reusing(listener)
    hostwiseListener = next.hostwiseListener.reusing(hostwiseListener)
  }

  /// Follows changes of its routes, by domain.
  ///
  /// Costs the virtual hosts that they are in.
  mutating func update(_ edits: [String: VirtualHostEdit]) throws(Refusal) {
    for (domain, edit) in edits {
      let former = virtualHosts[domain]
      let routes = edit.applied(to: former)
      let next =
        routes.isEmpty ? nil : try VirtualHost(routes, on: domain, of: name).reusing(former)
      if let former { content -= former.resource.fingerprint }
      if let next { content += next.resource.fingerprint }
      virtualHosts[domain] = next
    }
    let next = whole.resource(of: virtualHosts, content: content)
    if next.version != routeConfiguration.version { routeConfiguration = next }
  }
}
