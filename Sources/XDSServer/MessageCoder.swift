import GRPCCore
import SwiftProtobuf

/// Reads and writes protobuf messages of one kind.
struct MessageCoder<M: Message>: MessageSerializer, MessageDeserializer {
  func serialize<Bytes: GRPCContiguousBytes>(_ message: M) throws -> Bytes {
    Bytes(try message.serializedBytes() as [UInt8])
  }

  func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> M {
    do {
      return try M(serializedBytes: bytes.withUnsafeBytes { Array($0) })
    } catch {
      throw RPCError(
        code: .invalidArgument,
        message: "The request is not a \(M.protoMessageName).",
        cause: error
      )
    }
  }
}
