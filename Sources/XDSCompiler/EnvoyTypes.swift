import EnvoyAPI
import SwiftProtobuf

typealias EnvoyCluster = Envoy_Config_Cluster_V3_Cluster
typealias EnvoyAssignment = Envoy_Config_Endpoint_V3_ClusterLoadAssignment
typealias EnvoyListener = Envoy_Config_Listener_V3_Listener
typealias EnvoyConnectionManager =
  Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpConnectionManager
typealias EnvoyRouteConfiguration = Envoy_Config_Route_V3_RouteConfiguration
typealias EnvoyVirtualHost = Envoy_Config_Route_V3_VirtualHost
typealias EnvoyRoute = Envoy_Config_Route_V3_Route
typealias EnvoyRouteMatch = Envoy_Config_Route_V3_RouteMatch
typealias EnvoyHeaderMatcher = Envoy_Config_Route_V3_HeaderMatcher
typealias EnvoyStringMatcher = Envoy_Type_Matcher_V3_StringMatcher

extension Envoy_Config_Core_V3_ConfigSource {
  /// The stream on which the resource itself came.
  static let ads = Self.with {
    $0.ads = .init()
    $0.resourceApiVersion = .v3
  }
}

extension Envoy_Config_Core_V3_Address {
  /// The address may be a name where a cluster looks names up.
  init(_ address: String, port: Int) {
    self = .with {
      $0.socketAddress.address = address
      $0.socketAddress.portValue = UInt32(port)
    }
  }
}

extension Envoy_Config_Core_V3_Http2ProtocolOptions {
  /// What Envoy's page "Configuring Envoy as an edge proxy" advises: enough for one stream, not
  /// enough for many connections to use up the memory.
  static let edge = Self.with {
    $0.maxConcurrentStreams = 100
    $0.initialStreamWindowSize = 65_536
    $0.initialConnectionWindowSize = 1_048_576
  }
}

/// Bytes that Envoy buffers per connection; the same page advises it.
let connectionBufferLimit = Google_Protobuf_UInt32Value(32_768)
