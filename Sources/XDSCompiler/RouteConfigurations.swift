import EnvoyAPI
import HashTreeCollections
import Model
import Snapshots
import SwiftProtobuf

/// The route configuration of a gateway whose virtual hosts come as resources of their own (VHDS).
func hostwiseRouteConfiguration(of gateway: String) throws(Refusal) -> Resource {
  let key = ResourceKey.hostwiseRoutes(of: gateway)
  let message = EnvoyRouteConfiguration.with {
    $0.name = key.name
    $0.vhds.configSource = .ads
    $0.ignorePortInHostMatching = true
  }
  return Resource(
    key,
    body: try message.encoded(for: ObjectKey(.gateway, gateway)),
    awaitsVirtualHosts: true
  )
}

/// What puts a gateway's route configuration together from its encoded virtual hosts.
struct WholeRouteConfiguration: Sendable {
  private let key: ResourceKey
  private let head: [UInt8]
  private let tail: [UInt8]
  private let frame: ContentHash

  init(of gateway: String) throws(Refusal) {
    let object = ObjectKey(.gateway, gateway)
    key = .wholeRoutes(of: gateway)
    head = try EnvoyRouteConfiguration.with { [key] in $0.name = key.name }.encoded(for: object)
    // The services still see the port that the client wrote; a redirect keeps it.
    tail = try EnvoyRouteConfiguration.with { $0.ignorePortInHostMatching = true }
      .encoded(for: object)
    frame = ContentHash(of: head + tail)
  }

  /// The resource, which is put together when a stream first asks for it: most ask for the virtual
  /// hosts.
  ///
  /// `content` is the sum of the hosts' fingerprints.
  func resource(
    of virtualHosts: TreeDictionary<String, VirtualHost>,
    content: ContentHash
  ) -> Resource {
    var version = frame
    version += content
    return Resource(key, version: version) { [head, tail] in
      let hosts = virtualHosts.sorted { $0.key < $1.key }.map(\.value.resource)
      let body = hosts.reduce(into: head) {
        // The number of `RouteConfiguration.virtual_hosts`.
        $0.append(field: 2, message: $1.body)
      }
      return Resource.Content(body: body + tail, needs: Set(hosts.flatMap(\.needs)).sorted())
    }
  }
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
