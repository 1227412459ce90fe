extension Testbed {
  /// Puts a gateway on a free port, in place of the one that a new database has.
  ///
  /// - Returns: The port.
  func openGateway(
    _ chancery: Chancery,
    _ name: String = "default",
    fleet: String = "*"
  ) async throws -> Int {
    let port = try await Ports.free()
    try await chancery.write(
      .put,
      "/gateways/\(name)",
      #"{"address": "127.0.0.1", "port": \#(port), "fleet": "\#(fleet)"}"#
    )
    return port
  }
}

extension Chancery {
  /// Adds a service with one endpoint on this machine.
  func addService(_ name: String, port: Int) async throws {
    try await post(
      "/services",
      #"{"name": "\#(name)", "endpoints": [{"address": "127.0.0.1", "port": \#(port)}]}"#
    )
  }

  /// Routes a prefix on api.example.com to a service.
  func addRoute(_ name: String, prefix: String, to service: String) async throws {
    try await post(
      "/routes",
      """
      {"name": "\(name)", "hosts": ["api.example.com"],
       "match": {"prefix": "\(prefix)"}, "service": "\(service)"}
      """
    )
  }
}
