import EnvoyAPI
import Model
import Snapshots
import SwiftProtobuf

/// The resources that a service makes.
struct ServiceResources: Sendable {
  private(set) var cluster: Resource
  /// nil where the cluster holds the endpoints.
  private(set) var assignment: Resource?

  /// - Throws: Every fault for which Envoy would refuse the service.
  init(of service: Service, named name: String) throws(Refusal) {
    let key = ObjectKey(.service, name)
    try service.checkWeights(key)
    let assignment = EnvoyAssignment(of: service, named: name)
    if service.isWarmedWithItsEndpoints {
      cluster = Resource(
        ResourceKey(.cluster, name),
        body: try EnvoyCluster(holding: assignment, service, key).encoded(for: key),
        warmsBeyondAssignment: true
      )
    } else {
      let resource = Resource(
        ResourceKey(.endpoints, name),
        body: try assignment.encoded(for: key)
      )
      cluster = Resource(
        ResourceKey(.cluster, name),
        body: try EnvoyCluster(discovering: service, key).encoded(for: key),
        needs: [resource.key]
      )
      self.assignment = resource
    }
  }

  /// The same resources, but the former ones where nothing changed: a proxy is sent only others.
  func reusing(_ former: ServiceResources?) -> ServiceResources {
    var resources = self
    resources.cluster = cluster.reusing(former?.cluster)
    resources.assignment = assignment?.reusing(former?.assignment)
    return resources
  }
}

extension Service {
  /// Whether any endpoint's address is a name.
  var isNamed: Bool { endpoints.contains(where: \.isNamed) }

  fileprivate var isHealthChecked: Bool { healthChecks?.isEmpty == false }

  /// Whether a change of endpoints is a change of the cluster, which serves with the former ones
  /// until the proxy has looked up or checked the new.
  ///
  /// An assignment takes the former endpoints away at once, before the new ones are checked.
  fileprivate var isWarmedWithItsEndpoints: Bool { isNamed || isHealthChecked }
}

extension EnvoyCluster {
  /// A cluster whose endpoints come as a resource of their own.
  fileprivate init(discovering service: Service, _ key: ObjectKey) throws(Refusal) {
    try self.init(service, key)
    type = .eds
    edsClusterConfig.edsConfig = .ads
  }

  /// A cluster that has its endpoints in itself.
  fileprivate init(
    holding assignment: EnvoyAssignment,
    _ service: Service,
    _ key: ObjectKey
  ) throws(Refusal) {
    try self.init(service, key)
    type = .static
    loadAssignment = assignment
    guard service.isNamed else { return }
    type = .strictDns
    // By default Envoy takes IPv6 addresses where there are any, also for `localhost`.
    dnsLookupFamily = .v4Preferred
    typedDnsResolverConfig.name = "envoy.network.dns_resolver.cares"
    typedDnsResolverConfig.typedConfig = try Self.resolver.packed(for: key)
  }

  /// A proxy waits for the first answer: a resolver that never answers must not hold it for long.
  private static let resolver =
    Envoy_Extensions_Network_DnsResolver_Cares_V3_CaresDnsResolverConfig.with {
      $0.queryTimeoutSeconds = 1
      $0.queryTries = 1
    }

  private init(_ service: Service, _ key: ObjectKey) throws(Refusal) {
    self.init()
    name = key.name
    if let timeout = service.connectTimeout { connectTimeout = .init(timeout) }
    lbPolicy = .init(service.loadBalancing?.policy ?? .roundRobin)
    // Otherwise Envoy uses unhealthy endpoints as soon as half of them are.
    commonLbConfig.healthyPanicThreshold.value = 0
    perConnectionBufferLimitBytes = connectionBufferLimit
    healthChecks = (service.healthChecks ?? []).map { .init($0, of: service) }
    // Otherwise an endpoint that was removed gets requests for as long as its checks succeed.
    ignoreHealthOnHostRemoval = service.isHealthChecked
    if service.httpVersion == .http2 {
      typedExtensionProtocolOptions[HTTPOptions.protoMessageName] =
        try Self.http2.packed(for: key)
    }
  }

  private typealias HTTPOptions = Envoy_Extensions_Upstreams_Http_V3_HttpProtocolOptions

  private static let http2 = HTTPOptions.with {
    $0.explicitHTTPConfig.http2ProtocolOptions = .edge
  }
}

extension EnvoyCluster.LbPolicy {
  fileprivate init(_ policy: Service.LoadBalancingPolicy) {
    self =
      switch policy {
      case .roundRobin: .roundRobin
      case .leastRequest: .leastRequest
      case .random: .random
      case .ringHash: .ringHash
      case .maglev: .maglev
      }
  }
}

extension Google_Protobuf_Duration {
  init(_ span: TimeSpan) {
    let (seconds, milliseconds) = span.milliseconds.quotientAndRemainder(dividingBy: 1000)
    self.init(seconds: Int64(seconds), nanos: Int32(milliseconds) * 1_000_000)
  }
}
