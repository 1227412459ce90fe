import EnvoyAPI
import EventLoopGRPC
import NIOCore
import Snapshots
import SwiftProtobuf
import XDSSession

extension DiscoveryMethod {
  /// Reads a request.
  ///
  /// - Throws: `INVALID_ARGUMENT` if it is none, or names a type that the method does not serve.
  func decode(_ message: ByteBuffer) throws(GRPCStatus) -> ProxyRequest {
    var request = try ProxyRequest(message, in: dialect)
    if let type { try request.narrow(to: type) }
    return request
  }
}

extension ProxyRequest {
  fileprivate init(_ message: ByteBuffer, in dialect: Dialect) throws(GRPCStatus) {
    let bytes = Array(message.readableBytesView)
    do {
      switch dialect {
      case .stateOfTheWorld:
        self.init(try Envoy_Service_Discovery_V3_DiscoveryRequest(serializedBytes: bytes))
      case .delta:
        self.init(try Envoy_Service_Discovery_V3_DeltaDiscoveryRequest(serializedBytes: bytes))
      }
    } catch {
      throw GRPCStatus(.invalidArgument, "The request is not a discovery request.")
    }
  }

  /// Fills in the type that a service of one type implies.
  ///
  /// - Throws: `INVALID_ARGUMENT` if the request names another.
  fileprivate mutating func narrow(to type: ResourceType) throws(GRPCStatus) {
    if request.typeURL.isEmpty { request.typeURL = type.url }
    guard request.typeURL == type.url else {
      throw GRPCStatus(
        .invalidArgument,
        """
        This service serves \(type.url) only. For other types there are services of their own, \
        and the aggregated one for all.
        """
      )
    }
  }

  /// Who opens the stream, as its first request must say.
  var knownNode: ProxyNode {
    get throws(GRPCStatus) {
      guard let node, !node.id.isEmpty else {
        throw GRPCStatus(.invalidArgument, "The first request of a stream must have a node.id.")
      }
      // They stand in paths of the API, in the log and in the database.
      guard max(node.id.utf8.count, node.fleet.utf8.count) <= ProxyNode.longest else {
        throw GRPCStatus(
          .invalidArgument,
          "node.id and node.cluster may have at most \(ProxyNode.longest) bytes."
        )
      }
      return node
    }
  }
}

extension ByteBuffer {
  /// Writes a response as a `DiscoveryResponse` or a `DeltaDiscoveryResponse`.
  ///
  /// The two number their common fields alike. The resources are copied, not encoded.
  mutating func write(_ response: Response, in dialect: Dialect) {
    var head: [UInt8] = []
    head.appendField(1, nonEmpty: response.version)
    writeBytes(head)
    for resource in response.resources {
      if dialect == .delta { writeBytes(resource.deltaHead) }
      writeBytes(resource.envelope)
    }
    var tail: [UInt8] = []
    tail.appendField(4, nonEmpty: response.typeURL)
    tail.appendField(5, nonEmpty: response.nonce)
    for name in response.removed { tail.appendField(6, name.utf8) }
    writeBytes(tail)
  }
}

extension Response {
  /// Not less than the size of the message but for very long names.
  var byteCount: Int {
    resources.reduce(256 + 64 * removed.count) { $0 + $1.deltaHead.count + $1.envelope.count }
  }
}
