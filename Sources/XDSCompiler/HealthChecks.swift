import EnvoyAPI
import Model
import SwiftProtobuf

extension Envoy_Config_Core_V3_HealthCheck {
  /// Sets what Envoy demands and the operator need not.
  init(_ check: HealthCheck, of service: Service) {
    self.init()
    let every = Google_Protobuf_Duration(check.interval ?? .seconds(5))
    interval = every
    // By default an endpoint without traffic is asked once a minute only.
    noTrafficInterval = every
    timeout = .init(check.timeout ?? .seconds(2))
    healthyThreshold = .init(UInt32(check.healthyThreshold ?? 1))
    unhealthyThreshold = .init(UInt32(check.unhealthyThreshold ?? 3))
    healthChecker = .init(check.probe, isHTTP2: service.httpVersion == .http2)
  }
}

extension Envoy_Config_Core_V3_HealthCheck.OneOf_HealthChecker {
  fileprivate init(_ probe: HealthCheck.Probe, isHTTP2: Bool) {
    self =
      switch probe {
      case .http(let http): .httpHealthCheck(.init(http, isHTTP2: isHTTP2))
      case .tcp: .tcpHealthCheck(.init())
      case .grpc(let service): .grpcHealthCheck(.with { $0.serviceName = service ?? "" })
      }
  }
}

extension Envoy_Config_Core_V3_HealthCheck.HttpHealthCheck {
  fileprivate init(_ http: HealthCheck.HTTP, isHTTP2: Bool) {
    self.init()
    path = http.path
    host = http.host ?? ""
    codecClientType = isHTTP2 ? .http2 : .http1
    expectedStatuses = (http.statuses ?? []).map { status in
      // A range does not hold its end.
      .with {
        $0.start = Int64(status)
        $0.end = Int64(status) + 1
      }
    }
  }
}
