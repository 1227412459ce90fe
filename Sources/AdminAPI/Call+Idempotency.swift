import HTTPTypes
import Model
import Publisher
import Snapshots
import Store

extension Call {
  /// How the answer to a POST with an `Idempotency-Key` is to be kept; nil if it has none.
  ///
  /// - Throws: A problem if the key is not 1 to 255 visible ASCII characters.
  func recording(of write: DocumentWrite) throws -> ConfigRecording? {
    guard method == .post, let key = try idempotencyKey() else { return nil }
    return ConfigRecording(key: key) { outcome in
      switch outcome {
      case .success(let result): try? write.reply(result).recorded
      case .failure(let error): Problem(write.relative(error)).flatMap(\.recorded)
      }
    }
  }

  private func idempotencyKey() throws -> IdempotencyKey? {
    guard let text = headers[.idempotencyKey] else { return nil }
    let isVisible = text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    guard (1...255).contains(text.utf8.count), isVisible else {
      let detail = "Must be 1 to 255 visible ASCII characters."
      let name = HTTPField.Name.idempotencyKey.rawName
      throw Problem(invalid: [.init(.header(name), .invalidValue, detail)])
    }
    return IdempotencyKey(
      principal: author,
      method: method.rawValue,
      path: place,
      key: text,
      digest: "\(ContentHash(of: content.bytes(pretty: false)))"
    )
  }
}

extension Problem {
  /// The answer, if it is one that is kept: the write was understood, and is refused for good.
  ///
  /// It lacks the request's id, which is never the same.
  fileprivate var recorded: RecordedAnswer? {
    guard [409, 422].contains(code.status.code) else { return nil }
    return reply(requestID: "").recorded
  }
}

extension Reply {
  fileprivate var recorded: RecordedAnswer {
    RecordedAnswer(
      status: status.code,
      headers: Dictionary(headers.map { ($0.name.rawName, $0.value) }, uniquingKeysWith: { $1 }),
      body: body
    )
  }
}

extension RecordedAnswer {
  /// The same answer again, to another request.
  func reply(requestID: String) -> Reply {
    var fields = HTTPFields()
    for (name, value) in headers {
      if let name = HTTPField.Name(name) { fields[name] = value }
    }
    var body = body
    if status >= 400, case .object(var members) = try? JSONValue(json: body) {
      members["request_id"] = .string(requestID)
      body = JSONValue.object(members).readableBytes
    }
    return Reply(.init(code: status), headers: fields, body: body)
  }
}
