/// How a request looks on the wire.
///
/// Source: `DeltaDiscoveryRequest` and `DiscoveryRequest` of Envoy's `discovery.proto`.
struct RequestFormat: Sendable {
  var dialect: Dialect

  /// A request of a type.
  ///
  /// The first one of a stream has the node; names are encoded as
  /// `References` has them, and in state of the world they are all that are wanted.
  func request(
    _ type: ResourceType,
    node: [UInt8] = [],
    names: [UInt8] = [],
    unsubscribed: [String] = [],
    version: [UInt8] = [],
    nonce: [UInt8] = []
  ) -> [UInt8] {
    let isDelta = dialect == .delta
    var bytes: [UInt8] = []
    bytes.reserveCapacity(names.count + node.count + 160)
    if !node.isEmpty { bytes.appendField(isDelta ? 1 : 2, node) }
    if !isDelta, !version.isEmpty { bytes.appendField(1, version) }
    bytes.appendField(isDelta ? 2 : 4, type.rawValue.utf8)
    bytes += names
    if isDelta { for name in unsubscribed { bytes.appendField(4, name.utf8) } }
    if !nonce.isEmpty { bytes.appendField(isDelta ? 6 : 5, nonce) }
    return bytes
  }

  /// `Node` with an id, a cluster and the user agent's name.
  static func node(_ id: String, fleet: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendField(1, id.utf8)
    bytes.appendField(2, fleet.utf8)
    bytes.appendField(6, "chancery-bench".utf8)
    return bytes
  }
}
