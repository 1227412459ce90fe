import Foundation
import Testing

extension EndToEnd {
  /// The discovery services of one type each, with a real Envoy.
  @Suite struct PerTypeServices {
    @Test(arguments: Dialect.allCases)
    func `clusters and listeners come by services of their own, and the rest by ADS`(
      dialect: Dialect
    ) async throws {
      try await Testbed.run { bed in
        let blue = try await bed.startUpstream("blue")
        let green = try await bed.startUpstream("green")
        let chancery = try await bed.startChancery()
        let envoy = try await bed.startEnvoy(chancery, speaking: dialect) { bootstrap in
          bootstrap
            .replacing("cds_config: {resource_api_version: V3, ads: {}}", with: cds(dialect))
            .replacing("lds_config: {resource_api_version: V3, ads: {}}", with: lds(dialect))
        }
        let port = try await bed.openGateway(chancery)
        try await chancery.addService("blue", port: blue)
        try await chancery.addRoute("users", prefix: "/users", to: "blue")
        try await gateway(port: port, "/users", answers: "blue /users")

        try await chancery.addService("green", port: green)
        try await chancery.write(.patch, "/routes/users", #"{"service": "green"}"#)
        try await gateway(port: port, "/users", answers: "green /users")
        try await chancery.write(.delete, "/services/blue")

        let updates = try await Self.updates(of: envoy)
        let restarted = try await restart(chancery, bed, envoy)
        #expect(try await Self.updates(of: envoy) == updates)
        try await restarted.addRoute("orders", prefix: "/orders", to: "green")
        try await gateway(port: port, "/orders", answers: "green /orders")
        #expect(try await envoy.rejections() == 0)
        // Three streams: clusters, listeners, and the aggregated one.
        let streams = try await envoy.stats(#"^cluster\.chancery_xds\.upstream_rq_active$"#)
        #expect(streams.values.first == 3)
      }
    }

    /// The updates that a restart must not move.
    ///
    /// An Envoy that asks for assignments but not for clusters may be warming one, for all that the
    /// aggregated stream shows, and is sent them again.
    private static func updates(of envoy: Envoy) async throws -> [String: Int] {
      try await envoy.updates().filter { !$0.key.hasPrefix("cluster.") }
    }

    @Test(arguments: Dialect.allCases)
    func `assignments and routes come by services of their own, without ADS`(
      dialect: Dialect
    ) async throws {
      try await Testbed.run { bed in
        let old = try await bed.startUpstream("old")
        let new = try await bed.startUpstream("new")
        let chancery = try await bed.startChancery()
        _ = try await bed.openGateway(chancery)
        try await chancery.addService("users", port: old)
        try await chancery.addRoute("users", prefix: "/users", to: "users")
        let port = try await Ports.free()
        let envoy = try await bed.startEnvoy(chancery, speaking: dialect) { bootstrap in
          withStaticListener(bootstrap, port: port, dialect)
        }
        try await gateway(port: port, "/users", answers: "old /users")

        try await chancery.write(
          .patch,
          "/services/users",
          #"{"endpoints": [{"address": "127.0.0.1", "port": \#(new)}]}"#
        )
        try await gateway(port: port, "/users", answers: "new /users")
        try await chancery.addRoute("orders", prefix: "/orders", to: "users")
        try await gateway(port: port, "/orders", answers: "new /orders")
        #expect(try await envoy.rejections() == 0)
      }
    }
  }
}

private func restart(
  _ chancery: Chancery,
  _ bed: Testbed,
  _ envoy: Envoy
) async throws -> Chancery {
  await chancery.kill()
  try await envoy.connected(false)
  let restarted = try await bed.startChancery(after: chancery)
  try await envoy.connected()
  return restarted
}

/// A source of one type in Envoy's bootstrap, on one line.
private func source(_ dialect: Dialect) -> String {
  let api = dialect == .delta ? "DELTA_GRPC" : "GRPC"
  return """
    {resource_api_version: V3, api_config_source: {api_type: \(api), transport_api_version: V3, \
    grpc_services: [{envoy_grpc: {cluster_name: chancery_xds, retry_policy: \
    {retry_back_off: {base_interval: 0.2s, max_interval: 2s}}}}]}}
    """
}

private func cds(_ dialect: Dialect) -> String { "cds_config: \(source(dialect))" }

private func lds(_ dialect: Dialect) -> String { "lds_config: \(source(dialect))" }

/// Replaces what is dynamic by a listener and a cluster that ask for routes and assignments only.
private func withStaticListener(_ bootstrap: String, port: Int, _ dialect: Dialect) -> String {
  let listener = """
    static_resources:
      listeners:
        - name: static
          address: {socket_address: {address: 127.0.0.1, port_value: \(port)}}
          filter_chains:
            - filters:
                - name: envoy.filters.network.http_connection_manager
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                    stat_prefix: static
                    rds: {route_config_name: default, config_source: \(source(dialect))}
                    http_filters:
                      - name: envoy.filters.http.router
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
      clusters:
        - name: users
          type: EDS
          eds_cluster_config: {eds_config: \(source(dialect))}

    """
  let head = bootstrap.prefix(
    upTo: bootstrap.range(of: "dynamic_resources:")?.lowerBound ?? bootstrap.endIndex
  )
  let clusters = bootstrap.range(of: "static_resources:\n  clusters:\n")?.upperBound
  return head + listener + bootstrap[(clusters ?? bootstrap.endIndex)...]
}
