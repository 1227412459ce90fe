import EnvoyAPI
import Model
import SwiftProtobuf

/// The routes of one domain on one gateway, encoded.
struct VirtualHost: Sendable {
  /// The number of `VirtualHost.routes`.
  static let routesField: UInt8 = 3

  /// In the order in which Envoy tries them; never empty.
  let routes: [EncodedRoute]
  let bytes: [UInt8]
  /// The services that the routes send requests to.
  let services: Set<String>

  /// - Parameters:
  ///   - routes: In any order.
  ///   - domain: A host, `*.` and a host, or `*`.
  ///   - gateway: The gateway's name, which is its route configuration's too.
  /// - Throws: A fault if it is larger than protobuf allows.
  init(
    _ routes: [EncodedRoute],
    on domain: String,
    of gateway: String
  ) throws(Refusal) {
    self.routes = routes.sorted { $0.precedence < $1.precedence }
    let head = EnvoyVirtualHost.with {
      // A domain never moves to another virtual host, so Envoy never sees it in two at once.
      $0.name = "\(gateway)/\(domain)"
      $0.domains = [domain]
    }
    bytes = self.routes.reduce(into: try head.encoded(for: ObjectKey(.gateway, gateway))) {
      $0 += $1.fields
    }
    services = self.routes.reduce(into: []) { $0.formUnion($1.services) }
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
