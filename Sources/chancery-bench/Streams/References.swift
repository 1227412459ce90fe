/// What the resources of a response refer to, and so what a proxy asks for next.
struct References: Sendable {
  /// Of assignments in clusters, of route configurations in listeners.
  var names: [String] = []
  /// The same as the field of a request in which they are subscribed to.
  var encoded: [UInt8] = []
  /// Whether a route configuration leaves its virtual hosts to be asked for.
  var hasVirtualHosts = false

  init() {}

  /// Of the message's resources, each of which is wrapped once more in the delta dialect.
  init(_ type: ResourceType, _ dialect: Dialect, in message: UnsafeRawBufferPointer) {
    for envelope in message.fields(2) {
      let any = dialect == .delta ? envelope.field(2) : envelope
      guard let resource = any?.field(2) else { continue }
      switch type {
      case .cluster: note(cluster: resource)
      case .listener: note(listener: resource)
      case .routes: hasVirtualHosts = hasVirtualHosts || resource.field(9) != nil
      case .endpoints, .virtualHost: break
      }
    }
    for name in names { encoded.appendField(3, name.utf8) }
  }

  /// `Cluster.eds_cluster_config.service_name`, or else its name.
  private mutating func note(cluster: UnsafeRawBufferPointer) {
    guard let config = cluster.field(3), let name = config.field(2) ?? cluster.field(1) else {
      return
    }
    names.append(name.text)
  }

  /// `rds.route_config_name` in each filter of the listener's filter chains.
  private mutating func note(listener: UnsafeRawBufferPointer) {
    for chain in listener.fields(3) + listener.fields(25) {
      for filter in chain.fields(3) {
        guard let config = filter.field(4), Self.isConnectionManager(config) else { continue }
        guard let name = config.field(2)?.field(3)?.field(2)?.text else { continue }
        if !names.contains(name) { names.append(name) }
      }
    }
  }

  private static func isConnectionManager(_ config: UnsafeRawBufferPointer) -> Bool {
    config.field(1)?.text.hasSuffix(".HttpConnectionManager") == true
  }
}
