import EventLoopGRPC
import NIOCore
import SwiftProtobuf

extension Message {
  /// Reads a message that a client has sent.
  init(_ message: ByteBuffer) throws(GRPCStatus) {
    do {
      self = try Self(serializedBytes: Array(message.readableBytesView))
    } catch {
      throw GRPCStatus(.invalidArgument, "The request is not a \(Self.protoMessageName).")
    }
  }

  var bytes: [UInt8] {
    get throws(GRPCStatus) {
      do { return try serializedBytes() } catch {
        throw GRPCStatus(.internalError, "The answer could not be encoded: \(error)")
      }
    }
  }
}

extension GRPCCall {
  func send(_ message: some Message) throws(GRPCStatus) {
    let bytes = try message.bytes
    send(reserving: bytes.count) { $0.writeBytes(bytes) }
  }
}
