import EnvoyAPI
import Model
import Snapshots
import SwiftProtobuf

/// The routes of one domain on one gateway, encoded.
struct VirtualHost: Sendable {
  /// The number of `VirtualHost.routes`.
  static let routesField: UInt8 = 3

  /// In the order in which Envoy tries them; never empty.
  let routes: [EncodedRoute]
  private(set) var resource: Resource

  /// - Parameters:
  ///   - routes: In any order.
  ///   - domain: A host, `*.` and a host, or `*`.
  ///   - gateway: The gateway's name.
  /// - Throws: A fault if it is larger than protobuf allows.
  init(
    _ routes: [EncodedRoute],
    on domain: String,
    of gateway: String
  ) throws(Refusal) {
    self.routes = routes.sorted { $0.precedence < $1.precedence }
    let key = ResourceKey.virtualHost(domain, of: gateway)
    let head = EnvoyVirtualHost.with {
      // Envoy finds what is removed by this name, which must be the resource's. A domain never moves
      // to another virtual host, so Envoy never sees it in two at once.
      $0.name = key.name
      $0.domains = [domain]
    }
    let services = self.routes.reduce(into: Set<String>()) { $0.formUnion($1.services) }
    resource = Resource(
      key,
      body: self.routes.reduce(into: try head.encoded(for: ObjectKey(.gateway, gateway))) {
        $0 += $1.fields
      },
      needs: services.sorted().map { ResourceKey(.cluster, $0) }
    )
  }

  /// The same routes, with the former resource if this one is no different: a proxy is sent only
  /// others.
  func reusing(_ former: VirtualHost?) -> VirtualHost {
    var host = self
    host.resource = resource.reusing(former?.resource)
    return host
  }
}

/// What a change does to the routes of one virtual host.
struct VirtualHostEdit {
  /// The names of those that are gone or replaced.
  var removed: Set<String> = []
  var added: [EncodedRoute] = []

  /// The routes after the change.
  func applied(to former: VirtualHost?) -> [EncodedRoute] {
    (former?.routes ?? []).filter { !removed.contains($0.name) } + added
  }
}
