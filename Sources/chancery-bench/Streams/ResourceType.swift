import ArgumentParser

/// A type of resource that the streams ask for.
enum ResourceType: String, CaseIterable, Sendable {
  case cluster = "type.googleapis.com/envoy.config.cluster.v3.Cluster"
  case endpoints = "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment"
  case listener = "type.googleapis.com/envoy.config.listener.v3.Listener"
  case routes = "type.googleapis.com/envoy.config.route.v3.RouteConfiguration"
  case virtualHost = "type.googleapis.com/envoy.config.route.v3.VirtualHost"

  /// The one that a message names.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard let type = Self.allCases.first(where: { bytes.elementsEqual($0.rawValue.utf8) }) else {
      return nil
    }
    self = type
  }
}

/// Which variant of the xDS protocol the streams speak.
enum Dialect: String, CaseIterable, ExpressibleByArgument, Sendable {
  case delta
  case sotw

  /// The method of the aggregated service.
  var path: String {
    "/envoy.service.discovery.v3.AggregatedDiscoveryService/"
      + (self == .delta ? "DeltaAggregatedResources" : "StreamAggregatedResources")
  }
}
