import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// A message in the form in which the transport takes it, made once for all streams.
struct FloorMessage: Sendable {
  fileprivate let bytes: GRPCNIOTransportBytes

  init(_ message: some Sequence<UInt8>) { bytes = GRPCNIOTransportBytes(message) }
}

struct FloorMessageWriter: MessageSerializer {
  func serialize<Bytes: GRPCContiguousBytes>(_ message: FloorMessage) -> Bytes {
    if let bytes = message.bytes as? Bytes { return bytes }
    return message.bytes.withUnsafeBytes { Bytes($0) }
  }
}

/// All that the bare server reads of a request.
struct FloorRequest: Sendable {
  var type: ResourceType?
}

struct FloorRequestReader: MessageDeserializer {
  var dialect: Dialect

  func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) -> FloorRequest {
    bytes.withUnsafeBytes { message in
      for field in ProtobufFields(message) where field.number == (dialect == .delta ? 2 : 4) {
        return FloorRequest(type: ResourceType(field.content))
      }
      return FloorRequest()
    }
  }
}
