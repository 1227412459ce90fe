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

    var statuses: Set<Int> { Set(value["responses"]?.members.keys.compactMap(Int.init) ?? []) }
  }

  let document: JSONValue

  private init() {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../openapi/chancery.yaml")
    document = (try? JSONValue(yaml: Data(contentsOf: file))) ?? .null
  }

  var operations: [Operation] {
    document["paths"]?.members.sorted { $0.key < $1.key }.flatMap { path, item in
      item.members.sorted { $0.key < $1.key }.filter { $0.key != "parameters" }
        .map { Operation(method: $0.key.uppercased(), path: path, value: $0.value) }
    } ?? []
  }

  /// Records an issue unless the answer is one that the description has.
  func check(_ answer: Answer, to method: HTTPRequest.Method, _ uri: String) {
    #expect(answer["Chancery-Revision"] != nil, "\(method) \(uri) tells no revision")
    #expect(answer["X-Request-Id"] != nil, "\(method) \(uri) has no id")
    if method == .head { return }
    guard let operation = operation(method, uri) else {
      #expect(
        [401, 404, 405, 413, 421].contains(answer.status),
        "\(method) \(uri) is not described"
      )
      return
    }
    guard let found = operation.value["responses"]?["\(answer.status)"] else {
      Issue.record("\(method) \(uri) is not described to answer \(answer.status): \(answer.text)")
      return
    }
    check(answer, by: resolved(found), of: "\(method) \(uri) \(answer.status)")
  }

  private func check(_ answer: Answer, by response: JSONValue, of call: String) {
    for (name, header) in response["headers"]?.members ?? [:]
    where resolved(header)["required"] == true {
      #expect(answer[name] != nil, "\(call) lacks the header \(name)")
    }
    for header in ["ETag", "Location", "Link", "Allow", "Preference-Applied"]
    where answer[header] != nil {
      #expect(response["headers"]?[header] != nil, "\(call) has the header \(header)")
    }
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

extension Answer {
  /// The body as a value; nil if it is none in that type.
  fileprivate func value(in type: String) -> JSONValue? {
    if type.hasPrefix("text/plain") || type == "application/vnd.sqlite3" { return .string(text) }
    return type.hasSuffix("yaml") ? try? JSONValue(yaml: body) : json
  }
}
