import Snapshots
import XDSSession

/// One method of Envoy's discovery services.
struct DiscoveryMethod: Sendable {
  /// The service's full gRPC name.
  let service: String
  let name: String
  let dialect: Dialect
  /// The only type that its streams speak of; nil if each request names its own.
  let type: ResourceType?

  /// Whether its streams get virtual hosts as resources of their own: the listeners then name route
  /// configurations that say so, and say to ask for them on an aggregated stream in delta.
  var isHostwise: Bool { type == nil && dialect == .delta }

  var path: String { "/\(service)/\(name)" }
}

extension DiscoveryMethod {
  /// The aggregated service, and those of one type each.
  ///
  /// Virtual hosts have no method for state of the world. Source: Envoy, "xDS REST and gRPC
  /// protocol", section "xDS API endpoints".
  static let all =
    both("envoy.service.discovery.v3.AggregatedDiscoveryService", "AggregatedResources", nil)
    + both("envoy.service.secret.v3.SecretDiscoveryService", "Secrets", .secret)
    + both("envoy.service.cluster.v3.ClusterDiscoveryService", "Clusters", .cluster)
    + both("envoy.service.endpoint.v3.EndpointDiscoveryService", "Endpoints", .endpoints)
    + both("envoy.service.listener.v3.ListenerDiscoveryService", "Listeners", .listener)
    + both("envoy.service.route.v3.RouteDiscoveryService", "Routes", .routes)
    + [
      DiscoveryMethod(
        service: "envoy.service.route.v3.VirtualHostDiscoveryService",
        name: "DeltaVirtualHosts",
        dialect: .delta,
        type: .virtualHost
      )
    ]

  private static func both(
    _ service: String,
    _ resources: String,
    _ type: ResourceType?
  ) -> [DiscoveryMethod] {
    [(Dialect.stateOfTheWorld, "Stream"), (.delta, "Delta")].map { dialect, verb in
      DiscoveryMethod(service: service, name: verb + resources, dialect: dialect, type: type)
    }
  }
}
