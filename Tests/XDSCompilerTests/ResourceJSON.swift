import EnvoyAPI
import HashTreeCollections
import Model
import Snapshots
import SwiftProtobuf

/// The messages that stand in `Any` fields of resources, made known to SwiftProtobuf's JSON.
private let packedMessages: Void = {
  let types: [any Message.Type] = [
    Envoy_Extensions_Filters_Http_Router_V3_Router.self,
    Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpConnectionManager.self,
    Envoy_Extensions_Network_DnsResolver_Cares_V3_CaresDnsResolverConfig.self,
    Envoy_Extensions_Upstreams_Http_V3_HttpProtocolOptions.self,
  ]
  for type in types { Google_Protobuf_Any.register(messageType: type) }
}()

extension ResourceType {
  var message: any Message.Type {
    get throws {
      switch self {
      case .cluster: Envoy_Config_Cluster_V3_Cluster.self
      case .endpoints: Envoy_Config_Endpoint_V3_ClusterLoadAssignment.self
      case .listener: Envoy_Config_Listener_V3_Listener.self
      case .routes: Envoy_Config_Route_V3_RouteConfiguration.self
      case .virtualHost: Envoy_Config_Route_V3_VirtualHost.self
      case .secret: throw UnexpectedResource(type: self)
      }
    }
  }
}

struct UnexpectedResource: Error { var type: ResourceType }

extension Message {
  /// The message in Envoy's own spelling, as in its documentation.
  var json: JSONValue {
    get throws {
      packedMessages
      var options = JSONEncodingOptions()
      options.preserveProtoFieldNames = true
      return try JSONValue(json: jsonString(options: options))
    }
  }
}

extension Resource {
  var json: JSONValue {
    get throws { try type.message.init(serializedBytes: body).json }
  }
}

extension FleetSnapshots {
  /// All snapshots by fleet; `*` is for the proxies of all others.
  var byFleet: [String: Snapshot] { named.merging(["*": others]) { $1 } }

  /// Every resource by fleet, type and name.
  var json: JSONValue {
    get throws { .object(try byFleet.mapValues { try $0.json }) }
  }
}

extension Snapshot {
  fileprivate var json: JSONValue {
    get throws {
      var types: [String: JSONValue] = [:]
      for type in ResourceType.allCases where self[type].count > 0 {
        var resources: [String: JSONValue] = [:]
        for (name, resource) in self[type].byName { resources[name] = try resource.json }
        types["\(type)"] = .object(resources)
      }
      return .object(types)
    }
  }
}
