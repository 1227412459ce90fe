import EnvoyAPI
import HashTreeCollections
import Model
import Snapshots
import SwiftProtobuf

/// Puts a gateway's route configuration together from its encoded virtual hosts.
func routeConfiguration(
  of gateway: String,
  _ virtualHosts: TreeDictionary<String, VirtualHost>
) throws(Refusal) -> Resource {
  let key = ObjectKey(.gateway, gateway)
  var body = try EnvoyRouteConfiguration.with { $0.name = gateway }.encoded(for: key)
  var services: Set<String> = []
  for (_, host) in virtualHosts.sorted(by: { $0.key < $1.key }) {
    // The number of `RouteConfiguration.virtual_hosts`.
    body.append(field: 2, message: host.bytes)
    services.formUnion(host.services)
  }
  // The services still see the port that the client wrote; a redirect keeps it.
  body += try EnvoyRouteConfiguration.with { $0.ignorePortInHostMatching = true }.encoded(for: key)
  return Resource(
    ResourceKey(.routes, gateway),
    body: body,
    needs: services.sorted().map { ResourceKey(.cluster, $0) }
  )
}

extension Resource {
  /// The former resource if this one is no different.
  func reusing(_ former: Resource?) -> Resource {
    guard let former, former.version == version, former.needs == needs,
      former.warmsBeyondAssignment == warmsBeyondAssignment
    else { return self }
    return former
  }
}
