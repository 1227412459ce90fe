import EnvoyAPI
import GRPCCore
import Snapshots
import SwiftProtobuf
import XDSSession

/// How one dialect looks on the wire.
protocol Format: Sendable {
  var dialect: Dialect { get }
  func decode(_ bytes: [UInt8]) throws -> ProxyRequest
}

struct StateOfTheWorldFormat: Format {
  let dialect = Dialect.stateOfTheWorld

  func decode(_ bytes: [UInt8]) throws -> ProxyRequest {
    ProxyRequest(try Envoy_Service_Discovery_V3_DiscoveryRequest(serializedBytes: bytes))
  }
}

struct DeltaFormat: Format {
  let dialect = Dialect.delta

  func decode(_ bytes: [UInt8]) throws -> ProxyRequest {
    ProxyRequest(try Envoy_Service_Discovery_V3_DeltaDiscoveryRequest(serializedBytes: bytes))
  }
}

struct RequestDeserializer<F: Format>: MessageDeserializer {
  let format: F
  /// The only type that requests may name; nil if any.
  var type: ResourceType?

  func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> ProxyRequest {
    var request = try decode(bytes)
    if let type { try request.narrow(to: type) }
    return request
  }

  private func decode(_ bytes: some GRPCContiguousBytes) throws -> ProxyRequest {
    do {
      return try format.decode(bytes.withUnsafeBytes { Array($0) })
    } catch {
      throw RPCError(
        code: .invalidArgument,
        message: "The request is not a discovery request.",
        cause: error
      )
    }
  }
}

extension ProxyRequest {
  /// Fills in the type that a service of one type implies.
  ///
  /// - Throws: `INVALID_ARGUMENT` if the request names another.
  fileprivate mutating func narrow(to type: ResourceType) throws {
    if request.typeURL.isEmpty { request.typeURL = type.url }
    guard request.typeURL == type.url else {
      throw RPCError(
        code: .invalidArgument,
        message: """
          This service serves \(type.url) only. For other types there are services of their own, \
          and the aggregated one for all.
          """
      )
    }
  }
}

/// Passes on a message that is encoded already.
struct FrameSerializer: MessageSerializer {
  func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) -> Bytes { Bytes(message) }
}

extension Response {
  /// The response as a `DiscoveryResponse` or a `DeltaDiscoveryResponse`.
  ///
  /// The two number their common fields alike. The resources are copied, not encoded.
  func encoded(in dialect: Dialect) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount)
    bytes.appendField(1, nonEmpty: version)
    for resource in resources {
      if dialect == .delta { bytes.append(contentsOf: resource.deltaHead) }
      bytes.append(contentsOf: resource.envelope)
    }
    bytes.appendField(4, nonEmpty: typeURL)
    bytes.appendField(5, nonEmpty: nonce)
    for name in removed { bytes.appendField(6, name.utf8) }
    return bytes
  }

  /// Not less than the size of the message but for very long names.
  private var byteCount: Int {
    resources.reduce(256 + 64 * removed.count) { $0 + $1.deltaHead.count + $1.envelope.count }
  }
}
