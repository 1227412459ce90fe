import EnvoyAPI
import Foundation
import HashTreeCollections
import Model
import Snapshots
import SwiftProtobuf
import XDSCompiler

extension Snapshot {
  /// A bootstrap that has all resources in it, so that Envoy judges them without a control plane.
  ///
  /// Listeners have their routes inside. A cluster that discovers its endpoints is there as it is,
  /// and once more, as `NAME/endpoints`, with its assignment inside.
  var staticBootstrap: JSONValue {
    get throws {
      let listeners = try self[.listener].byName.values.map { try staticListener($0).json }
      let clusters = try self[.cluster].byName.values.flatMap { try staticClusters($0) }
      return [
        "node": ["id": "test", "cluster": "test"],
        "static_resources": [
          "listeners": .array(listeners), "clusters": .array(clusters + [Self.controlPlane]),
        ],
        "dynamic_resources": [
          "ads_config": [
            "api_type": "GRPC", "transport_api_version": "V3",
            "grpc_services": [["envoy_grpc": ["cluster_name": "control-plane/xds"]]],
          ]
        ],
      ]
    }
  }

  private static let controlPlane: JSONValue = [
    "name": "control-plane/xds", "type": "STATIC",
    "load_assignment": ["cluster_name": "control-plane/xds"],
  ]

  func staticListener(_ resource: Resource) throws -> Envoy_Config_Listener_V3_Listener {
    typealias Manager =
      Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpConnectionManager
    var listener = try Envoy_Config_Listener_V3_Listener(serializedBytes: resource.body)
    var manager = try Manager(
      serializedBytes: listener.filterChains[0].filters[0].typedConfig.value
    )
    let routes = self[.routes][manager.rds.routeConfigName]
    manager.routeConfig = try .init(serializedBytes: routes?.body ?? [])
    listener.filterChains[0].filters[0].typedConfig = try Google_Protobuf_Any(message: manager)
    return listener
  }

  private func staticClusters(_ resource: Resource) throws -> [JSONValue] {
    let cluster = try Envoy_Config_Cluster_V3_Cluster(serializedBytes: resource.body)
    guard let assignment = self[.endpoints][resource.name] else { return [try cluster.json] }
    var copy = cluster
    copy.name += "/endpoints"
    copy.type = .static
    copy.clearEdsClusterConfig()
    copy.loadAssignment = try .init(serializedBytes: assignment.body)
    return [try cluster.json, try copy.json]
  }
}
