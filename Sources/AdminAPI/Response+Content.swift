import HTTPTypes
import Hummingbird
import Model
import NIOCore

extension Response {
  /// An answer in the format that the call asked for.
  ///
  /// It tells the revision that was read or made (nil: the newest), the entity tag of what it has,
  /// and the location of what was made.
  init(
    _ status: HTTPResponse.Status = .ok,
    _ value: JSONValue,
    to call: Call,
    revision: Int? = nil,
    tag: String? = nil,
    location: String? = nil
  ) {
    var headers: HTTPFields = [.contentType: call.answerFormat.name]
    headers[.chanceryRevision] = revision.map { "\($0)" }
    headers[.eTag] = tag
    headers[.location] = location
    let body =
      switch call.answerFormat {
      case .json, .mergePatch, .prometheus: ResponseBody(text: value)
      case .yaml: ResponseBody(byteBuffer: ByteBuffer(string: value.yaml))
      }
    self.init(status: status, headers: headers, body: body)
  }

  /// The answer to a deletion.
  static func deleted(revision: Int) -> Response {
    Response(status: .noContent, headers: [.chanceryRevision: "\(revision)"])
  }
}

extension ResponseBody {
  /// A value as JSON that a person can read, with a line feed at its end.
  init(text value: JSONValue) {
    var buffer = ByteBuffer(bytes: value.bytes(pretty: true))
    buffer.writeInteger(UInt8(ascii: "\n"))
    self.init(byteBuffer: buffer)
  }
}
