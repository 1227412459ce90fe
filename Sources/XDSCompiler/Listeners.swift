import EnvoyAPI
import Model
import Snapshots
import SwiftProtobuf

extension Gateway {
  /// The name of the listener of a gateway with that name: `NAME/ADDRESS:PORT`.
  ///
  /// Envoy refuses a listener on the address of another one, also when the same response moves
  /// that one away, but removes listeners before it adds others: so a gateway that moves must be
  /// another listener.
  func listenerKey(named name: String) -> ResourceKey {
    let host = listenAddress.contains(":") ? "[\(listenAddress)]" : listenAddress
    return ResourceKey(.listener, "\(name)/\(host):\(port)")
  }
}

/// The listener of a gateway.
///
/// Its settings are those that Envoy's page "Configuring Envoy as an edge proxy" advises, but for
/// those that break applications: header names with underscores and escaped slashes in paths
/// pass, and requests may take as long as they need.
func listener(
  of gateway: Gateway,
  named name: String,
  routedBy routes: ResourceKey
) throws(Refusal) -> Resource {
  let key = ObjectKey(.gateway, name)
  let listenerKey = gateway.listenerKey(named: name)
  let filter = try EnvoyConnectionManager(gateway: key, routes: routes.name).packed(for: key)
  let listener = EnvoyListener.with {
    $0.name = listenerKey.name
    $0.address = .init(gateway.listenAddress, port: gateway.port)
    // Else a listener on all IPv6 addresses takes no IPv4 connections.
    $0.address.socketAddress.ipv4Compat = gateway.listenAddress == "::"
    $0.perConnectionBufferLimitBytes = connectionBufferLimit
    $0.filterChains = [.with { $0.filters = [.init("network.http_connection_manager", filter)] }]
  }
  return Resource(
    listenerKey,
    body: try listener.encoded(for: key),
    needs: [routes]
  )
}

extension EnvoyConnectionManager {
  fileprivate init(gateway key: ObjectKey, routes: String) throws(Refusal) {
    let router = try Envoy_Extensions_Filters_Http_Router_V3_Router().packed(for: key)
    self = .with {
      $0.statPrefix = key.name
      $0.rds.configSource = .ads
      $0.rds.routeConfigName = routes
      $0.httpFilters = [
        .with {
          $0.name = "envoy.filters.http.router"
          $0.typedConfig = router
        }
      ]
      // The client's address is that of its connection, whatever a header says.
      $0.useRemoteAddress = true
      $0.normalizePath = true
      $0.mergeSlashes = true
      // `a.com.` is the host `a.com` (RFC 3986 section 3.2.2), and services expect the latter.
      $0.stripTrailingHostDot = true
      $0.http2ProtocolOptions = .edge
      // The service's own `server` header reaches the client.
      $0.serverHeaderTransformation = .passThrough
    }
  }
}

extension Envoy_Config_Listener_V3_Filter {
  fileprivate init(_ name: String, _ config: Google_Protobuf_Any) {
    self.init()
    self.name = "envoy.filters." + name
    typedConfig = config
  }
}
