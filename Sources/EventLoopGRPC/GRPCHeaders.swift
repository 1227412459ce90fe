import NIOHPACK

// The heads and ends of calls. Source: gRPC, "gRPC over HTTP2".
extension HPACKHeaders {
  /// What precedes the first message of an answer.
  static let answer: HPACKHeaders = [":status": "200", "content-type": "application/grpc"]

  /// What ends a call; `isWhole` if nothing precedes it.
  static func end(_ status: GRPCStatus, isWhole: Bool) -> HPACKHeaders {
    var headers: HPACKHeaders = isWhole ? answer : [:]
    headers.add(name: "grpc-status", value: "\(status.code.rawValue)")
    if !status.message.isEmpty {
      headers.add(name: "grpc-message", value: status.message.percentEncoded)
    }
    return headers
  }

  /// The whole answer to a call that cannot be served whatever its method; nil if it may be.
  var refusal: HPACKHeaders? {
    guard first(name: ":method") == "POST" else { return [":status": "405", "allow": "POST"] }
    guard first(name: "content-type")?.isOfGRPC == true else { return [":status": "415"] }
    if let encoding = first(name: "grpc-encoding"), encoding != "identity" {
      let message = "Messages may not be compressed by \(encoding), nor by anything else."
      var headers = HPACKHeaders.end(GRPCStatus(.unimplemented, message), isWhole: true)
      headers.add(name: "grpc-accept-encoding", value: "identity")
      return headers
    }
    return nil
  }
}

extension String {
  /// Whether it is gRPC's type of content, of any subtype: not gRPC-Web's.
  fileprivate var isOfGRPC: Bool {
    guard let rest = dropPrefix("application/grpc") else { return false }
    return rest.first.map { "+; ".contains($0) } ?? true
  }

  private func dropPrefix(_ prefix: String) -> Substring? {
    hasPrefix(prefix) ? dropFirst(prefix.count) : nil
  }

  /// Source: gRPC, "gRPC over HTTP2", `Status-Message`.
  fileprivate var percentEncoded: String {
    var encoded = ""
    for byte in utf8 {
      switch byte {
      case UInt8(ascii: "%"), ..<0x20, 0x7f...:
        let digits = String(byte, radix: 16, uppercase: true)
        encoded += byte < 16 ? "%0\(digits)" : "%\(digits)"
      default: encoded.unicodeScalars.append(Unicode.Scalar(byte))
      }
    }
    return encoded
  }
}
