import HTTPTypes
import Hummingbird
import Model
import NIOCore

/// An answer as a value, which can be kept and given again.
struct Reply: Sendable {
  var status: HTTPResponse.Status
  var headers: HTTPFields
  var body: [UInt8]

  init(_ status: HTTPResponse.Status, headers: HTTPFields, body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

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
    self.init(status, headers: headers, body: call.answerFormat.bytes(of: value))
  }

  /// The answer to a deletion.
  static func deleted(revision: Int) -> Reply {
    Reply(.noContent, headers: [.chanceryRevision: "\(revision)"])
  }
}

extension Call {
  /// The answer to a read of what has that tag; without a body if the client has it already.
  ///
  /// `tags` are those of the same state in all formats, unless the one is the only one.
  ///
  /// - Throws: A problem if the client wants another state; what `reply` throws.
  func reply(
    tagged tag: String,
    among tags: [String]? = nil,
    revision: Int,
    _ reply: () throws -> Reply
  ) throws -> Reply {
    guard try Precondition(headers).isKnown(tag, among: tags ?? [tag]) else { return try reply() }
    return Reply(.notModified, headers: [.eTag: tag, .chanceryRevision: "\(revision)"])
  }
}

extension MediaType {
  fileprivate func bytes(of value: JSONValue) -> [UInt8] {
    switch self {
    case .json, .mergePatch, .prometheus, .sqlite: value.readableBytes
    case .yaml: Array(value.yaml.utf8)
    }
  }
}

extension Response {
  init(_ reply: Reply) {
    self.init(
      status: reply.status,
      headers: reply.headers,
      body: reply.body.isEmpty
        ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: reply.body))
    )
  }

  /// An answer in the format that the call asked for.
  ///
  /// It tells the revision that was read or made (nil: the newest), and the location of what was
  /// made.
  init(
    _ status: HTTPResponse.Status = .ok,
    _ value: JSONValue,
    to call: Call,
    revision: Int? = nil,
    location: String? = nil
  ) {
    self.init(Reply(status, value, to: call, revision: revision, location: location))
  }

  /// The answer to a deletion.
  static func deleted(revision: Int) -> Response { Response(Reply.deleted(revision: revision)) }
}

extension JSONValue {
  /// As JSON that a person can read, with a line feed at its end.
  var readableBytes: [UInt8] { bytes(pretty: true) + [UInt8(ascii: "\n")] }
}

extension ResponseBody {
  /// A value as JSON that a person can read.
  init(text value: JSONValue) {
    self.init(byteBuffer: ByteBuffer(bytes: value.readableBytes))
  }
}
