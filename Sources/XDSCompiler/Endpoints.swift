import EnvoyAPI
import Model
import SwiftProtobuf

extension EnvoyAssignment {
  /// The endpoints of a service, those of one priority together.
  init(of service: Service, named name: String) {
    self.init()
    clusterName = name
    endpoints = service.priorities.enumerated().map { rank, endpoints in
      .with {
        $0.priority = UInt32(rank)
        $0.lbEndpoints = endpoints.map(Envoy_Config_Endpoint_V3_LbEndpoint.init)
      }
    }
  }
}

extension Envoy_Config_Endpoint_V3_LbEndpoint {
  fileprivate init(_ endpoint: Endpoint) {
    self.init()
    self.endpoint.address = .init(endpoint.address, port: endpoint.port)
    if let weight = endpoint.weight { loadBalancingWeight = .init(UInt32(weight)) }
    if let health = endpoint.health { healthStatus = .init(health) }
  }
}

extension Envoy_Config_Core_V3_HealthStatus {
  fileprivate init(_ health: Endpoint.Health) {
    self =
      switch health {
      case .healthy: .healthy
      case .draining: .draining
      case .unhealthy: .unhealthy
      }
  }
}

extension Service {
  /// The endpoints by priority, the most preferred first.
  ///
  /// Envoy wants priorities without gaps (ClusterLoadAssignment, `priority`), so only their order
  /// counts.
  fileprivate var priorities: [[Endpoint]] {
    Dictionary(grouping: endpoints) { $0.priority ?? 0 }.sorted { $0.key < $1.key }.map(\.value)
  }

  /// Checks what Envoy demands of weights: those of one priority sum up within 32 bits
  /// (LbEndpoint, `load_balancing_weight`).
  func checkWeights(_ key: ObjectKey) throws(Refusal) {
    for endpoints in priorities where !Weights.fit(endpoints.map(\.weight)) {
      let pointer = JSONPointer.join(key.pointer, "endpoints")
      throw Refusal(.invalid, [Fault(pointer, .outOfRange, Weights.rule)])
    }
  }
}

enum Weights {
  /// Whether the sum is within what Envoy counts with; nil is a weight of 1.
  static func fit(_ weights: [Int?]) -> Bool {
    weights.reduce(0) { $0 + ($1 ?? 1) } <= Int(UInt32.max)
  }

  static let rule = "The weights must sum up to at most \(UInt32.max)."
}
