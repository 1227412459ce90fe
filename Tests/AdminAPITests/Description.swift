import Foundation
import HTTPTypes
import Model
import Testing

/// The API's description, as what answers are held to.
struct Description: Sendable {
  /// What `openapi/chancery.yaml` says.
  static let shared = Description()

  struct Operation: Sendable {
    var method: String
    var path: String
    var value: JSONValue
    /// Those of the path too.
    var parameters: [JSONValue]

    var statuses: Set<Int> { Set(value["responses"]?.members.keys.compactMap(Int.init) ?? []) }
  }

  let document: JSONValue
  /// By path and method.
  let operations: [Operation]

  private init() {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../openapi/chancery.yaml")
    document = (try? JSONValue(yaml: Data(contentsOf: file))) ?? .null
    operations = Self.operations(of: document)
  }

  private static func operations(of document: JSONValue) -> [Operation] {
    let paths = document["paths"]?.members.sorted { $0.key < $1.key } ?? []
    return paths.flatMap { path, item in
      item.members.sorted { $0.key < $1.key }.filter { $0.key != "parameters" }
        .map { method, value in
          let parameters = [item, value].flatMap { $0["parameters"]?.elements ?? [] }
          return Operation(
            method: method.uppercased(),
            path: path,
            value: value,
            parameters: parameters.map(Schema(document: document).resolved)
          )
        }
    }
  }

  /// Records an issue unless the answer is one that the description has.
  func check(_ answer: Answer, to method: HTTPRequest.Method, _ uri: String) {
    #expect(answer["Chancery-Revision"] != nil, "\(method) \(uri) tells no revision")
    #expect(answer["X-Request-Id"] != nil, "\(method) \(uri) has no id")
    guard let operation = operation(method == .head ? .get : method, uri) else {
      checkUndescribed(answer, to: "\(method) \(uri)")
      return
    }
    guard let found = operation.value["responses"]?["\(answer.status)"] else {
      Issue.record("\(method) \(uri) is not described to answer \(answer.status): \(answer.text)")
      return
    }
    let call = "\(method) \(uri) \(answer.status)"
    checkHeaders(of: answer, by: resolved(found), call)
    checkCode(of: answer, by: resolved(found), call)
    if method != .head { checkBody(of: answer, by: resolved(found), call) }
  }

  /// What is answered for a path or a method that there is not.
  private func checkUndescribed(_ answer: Answer, to call: String) {
    #expect([401, 404, 405, 413, 421].contains(answer.status), "\(call) is not described")
    #expect((answer["Allow"] != nil) == (answer.status == 405), "\(call)")
  }

  /// The headers that are described are those that all answers of the kind need, and no answer has
  /// others, those aside that are HTTP's own.
  private func checkHeaders(of answer: Answer, by response: JSONValue, _ call: String) {
    let described = response["headers"]?.members ?? [:]
    for (name, header) in described where resolved(header)["required"] == true {
      #expect(answer[name] != nil, "\(call) lacks the header \(name)")
    }
    for field in answer.headers where !Self.ordinary.contains(field.name) {
      guard let header = described.first(where: { $0.key == field.name.rawName })?.value else {
        Issue.record("\(call) has the header \(field.name)")
        continue
      }
      let schema = resolved(header)["schema"] ?? .null
      let faults = Schema(document: document).faults(of: field.value, by: schema)
      #expect(faults.isEmpty, "\(call): \(field)")
    }
  }

  /// RFC 9110, sections 8.3, 8.6, 6.6.1 and 7.6.1.
  private static let ordinary: Set<HTTPField.Name> = [
    .contentType, .contentLength, .date, .connection,
  ]

  private func checkCode(of answer: Answer, by response: JSONValue, _ call: String) {
    guard answer.status >= 400, let code = answer.code?.string else { return }
    let text = response["description"]?.string ?? ""
    #expect(text.contains("`\(code)`"), "\(call) is not described to be of \(code)")
  }

  private func checkBody(of answer: Answer, by response: JSONValue, _ call: String) {
    guard let content = response["content"] else {
      #expect(answer.body.isEmpty, "\(call) has a body")
      return
    }
    guard let type = answer["Content-Type"], let media = content[type] else {
      Issue.record("\(call) is in \(answer["Content-Type"] ?? "nothing")")
      return
    }
    let value = answer.value(in: type)
    let faults = Schema(document: document).faults(of: value ?? .null, by: media["schema"] ?? .null)
    #expect(faults.isEmpty, "\(call) does not fit its schema: \(answer.text)")
  }

  private func operation(_ method: HTTPRequest.Method, _ uri: String) -> Operation? {
    let path = uri.replacing(/^http:\/\/[^\/]*/, with: "").prefix { $0 != "?" }
      .split(separator: "/")
    return operations.first { operation in
      let template = operation.path.split(separator: "/")
      return operation.method == method.rawValue && template.count == path.count
        && zip(template, path).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
  }

  func resolved(_ value: JSONValue) -> JSONValue {
    Schema(document: document).resolved(value)
  }
}

extension Schema {
  /// What does not fit of a header's value.
  fileprivate func faults(of text: String, by schema: JSONValue) -> [String] {
    let value: JSONValue =
      resolved(schema)["type"] == "integer"
      ? Int64(text).map { .integer($0) } ?? .null : .string(text)
    return faults(of: value, by: schema)
  }
}

extension Answer {
  /// The body as a value; nil if it is none in that type.
  func value(in type: String) -> JSONValue? {
    if type.hasPrefix("text/plain") || type == "application/vnd.sqlite3" { return .string(text) }
    return type.hasSuffix("yaml") ? try? JSONValue(yaml: body) : json
  }
}
