import Foundation
import Model
import SwiftProtobuf

extension Message {
  /// The message's bytes: equal messages have equal bytes, in every process.
  ///
  /// - Parameter key: The object that it was made from, to be named in the fault.
  /// - Returns: The binary form.
  /// - Throws: A fault if the message is larger than protobuf allows (2 GiB).
  func encoded(for key: ObjectKey) throws(Refusal) -> [UInt8] {
    var options = BinaryEncodingOptions()
    options.useDeterministicOrdering = true
    do {
      return try serializedBytes(options: options)
    } catch {
      let detail = "The proxy's configuration made from it cannot be encoded: \(error)."
      throw Refusal(.invalid, [Fault(key.pointer, .outOfRange, detail)])
    }
  }

  /// The message in its `Any` envelope, its bytes as `encoded(for:)` makes them.
  func packed(for key: ObjectKey) throws(Refusal) -> Google_Protobuf_Any {
    let bytes = try encoded(for: key)
    return .with {
      $0.typeURL = "type.googleapis.com/" + Self.protoMessageName
      $0.value = Data(bytes)
    }
  }
}

extension [UInt8] {
  /// Adds a field that holds an encoded message.
  ///
  /// Parts that are joined so need not be encoded again. Source of the form: protobuf.dev,
  /// "Encoding", sections "Base 128 Varints" and "Length-Delimited Records".
  mutating func append(field number: UInt8, message: [UInt8]) {
    // The wire type of what is preceded by its length is 2; numbers below 16 take one byte.
    append(number << 3 | 2)
    var length = message.count
    while length > 0x7f {
      append(UInt8(length & 0x7f) | 0x80)
      length >>= 7
    }
    append(UInt8(length))
    append(contentsOf: message)
  }
}
