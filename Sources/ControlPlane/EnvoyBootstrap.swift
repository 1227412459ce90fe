import Model

/// The configuration that an Envoy starts with: enough to find Chancery and be given the rest.
///
/// Source: Envoy, "Bootstrap configuration" and "xDS REST and gRPC protocol" (delta ADS).
package struct EnvoyBootstrap: Sendable {
  /// What tells this proxy from all others.
  package var nodeID: String
  /// Which gateways it gets: those of this fleet and those of `*`.
  package var fleet: String
  package var xdsAddress: ListenAddress
  /// Where Envoy's own admin page listens.
  package var adminAddress: ListenAddress
  /// How it proves who it is and whom it trusts; nil connects in the clear.
  package var tls: EnvoyBootstrapTLS?

  package init(
    nodeID: String,
    fleet: String,
    xdsAddress: ListenAddress,
    adminAddress: ListenAddress,
    tls: EnvoyBootstrapTLS? = nil
  ) {
    self.nodeID = nodeID
    self.fleet = fleet
    self.xdsAddress = xdsAddress
    self.adminAddress = adminAddress
    self.tls = tls
  }

  /// What the bootstrap calls the control plane.
  ///
  /// No service can have this name: Envoy keeps the clusters of its bootstrap and would send a
  /// service's requests there.
  static let clusterName = "chancery_xds"

  /// The bootstrap in YAML, for `envoy -c`.
  package var yaml: String {
    """
    # Made by `chancery envoy-bootstrap`. Run it with: envoy -c FILE
    node:
      id: \(quoted(nodeID))
      cluster: \(quoted(fleet))
    admin:
      address:
        socket_address: {address: \(quoted(adminAddress.host)), port_value: \(adminAddress.port)}
    dynamic_resources:
      ads_config:
        api_type: DELTA_GRPC
        transport_api_version: V3
        set_node_on_first_message_only: true
        grpc_services:
          - envoy_grpc:
              cluster_name: \(Self.clusterName)
              # Envoy's default waits up to 30 s before it connects again.
              retry_policy:
                retry_back_off: {base_interval: 0.2s, max_interval: 2s}
      cds_config: {resource_api_version: V3, ads: {}}
      lds_config: {resource_api_version: V3, ads: {}}
    static_resources:
      clusters:
        - name: \(Self.clusterName)
          type: \(clusterType)
          connect_timeout: 1s
          typed_extension_protocol_options:
            envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
              "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
              explicit_http_config:
                http2_protocol_options:
                  # Finds a dead control plane although no bytes flow.
                  connection_keepalive: {interval: 10s, timeout: 5s}
          load_assignment:
            cluster_name: \(Self.clusterName)
            endpoints:
              - lb_endpoints:
                  - endpoint:
                      address:
                        socket_address:
                          address: \(quoted(xdsAddress.host))
                          port_value: \(xdsAddress.port)

    """ + (tls.map { $0.transportSocket(to: xdsAddress.host) + "\n" } ?? "")
  }

  /// An IP address needs no look-up, and looking one up counts as an update of the cluster.
  private var clusterType: String {
    Endpoint(address: xdsAddress.host, port: xdsAddress.port).isNamed ? "STRICT_DNS" : "STATIC"
  }

  /// A JSON string is a YAML string, whatever is in it.
  private func quoted(_ text: String) -> String { JSONValue.string(text).text }
}
