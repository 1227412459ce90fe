/// Frames of HTTP/2 as bytes.
///
/// Source: RFC 9113, section 6.
package enum RawFrame {
  /// What a client's connection begins with, its settings included.
  package static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + frame(4, [], on: 0)

  package static let ping = frame(6, [UInt8](repeating: 7, count: 8), on: 0)

  package static func data(
    _ bytes: [UInt8],
    padding: UInt8? = nil,
    endStream: Bool = false,
    on stream: Int
  ) -> [UInt8] {
    let flags: UInt8 = (endStream ? 1 : 0) | (padding == nil ? 0 : 8)
    guard let padding else { return frame(0, flags: flags, bytes, on: stream) }
    let zeros = [UInt8](repeating: 0, count: Int(padding))
    return frame(0, flags: flags, [padding] + bytes + zeros, on: stream)
  }

  /// Begins a call of a method, with names and values in the clear.
  package static func head(
    _ path: String,
    more: [(String, String)] = [],
    endHeaders: Bool = true,
    on stream: Int
  ) -> [UInt8] {
    frame(1, flags: endHeaders ? 4 : 0, fields(path, more), on: stream)
  }

  package static func continuation(_ fields: [UInt8], endHeaders: Bool = false, on stream: Int)
    -> [UInt8]
  {
    frame(9, flags: endHeaders ? 4 : 0, fields, on: stream)
  }

  package static func reset(_ stream: Int) -> [UInt8] { frame(3, [0, 0, 0, 8], on: stream) }

  package static func field(_ name: String, _ value: String) -> [UInt8] {
    [0] + length(name.utf8.count) + name.utf8 + length(value.utf8.count) + value.utf8
  }

  private static func fields(_ path: String, _ more: [(String, String)]) -> [UInt8] {
    // POST and http are entries 3 and 6 of HPACK's table.
    [0x83, 0x86] + field(":path", path) + field(":authority", "test")
      + field("content-type", "application/grpc") + field("te", "trailers")
      + more.flatMap { field($0, $1) }
  }

  /// Source: RFC 7541, section 5.1.
  private static func length(_ count: Int) -> [UInt8] {
    guard count >= 127 else { return [UInt8(count)] }
    var (bytes, rest): ([UInt8], Int) = ([127], count - 127)
    while rest >= 128 {
      bytes.append(UInt8(rest % 128 + 128))
      rest /= 128
    }
    return bytes + [UInt8(rest)]
  }

  private static func frame(_ type: UInt8, flags: UInt8 = 0, _ payload: [UInt8], on stream: Int)
    -> [UInt8]
  {
    let (length, id) = (UInt32(payload.count), UInt32(stream))
    return bytes(of: length).dropFirst() + [type, flags] + bytes(of: id) + payload
  }

  private static func bytes(of number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
  }
}

/// Messages of gRPC as bytes.
///
/// Source: gRPC, "gRPC over HTTP2", `Length-Prefixed-Message`.
package enum RawMessage {
  package static func prefixed(_ message: [UInt8], flag: UInt8 = 0) -> [UInt8] {
    let length = UInt32(message.count)
    return [flag] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + message
  }
}
