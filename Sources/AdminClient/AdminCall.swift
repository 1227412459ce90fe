package import Model
package import NIOCore

/// A call of the HTTP API.
package struct AdminCall: Sendable {
  package var method: String
  /// With its query, percent-encoded.
  package var path: String
  package var headers: [String: String] = [:]
  package var body: [UInt8]?
  /// How long the answer may take.
  package var patience = TimeAmount.seconds(60)

  package init(_ method: String, _ path: String) {
    self.method = method
    self.path = path
  }

  /// A call with a value as its body.
  package init(_ method: String, _ path: String, _ content: JSONValue) {
    self.init(method, path)
    headers["content-type"] = "application/json"
    body = content.bytes(pretty: false)
  }
}

/// What the API answered.
package struct AdminAnswer: Sendable {
  package var status: Int
  /// By their names in lower case.
  package var headers: [String: String]
  package var body: [UInt8]

  /// The body, if it is JSON, or else null.
  package var content: JSONValue { (try? JSONValue(json: body)) ?? .null }

  /// The revision that was read or made.
  package var revision: Int? { headers["chancery-revision"].flatMap { Int($0) } }
}

/// The API did not do what it was asked for, and says why.
package struct Refused: Error, CustomStringConvertible {
  package var status: Int
  /// A sentence.
  package var detail: String
  /// A line for each fault: where it is, and what to do.
  package var faults: [String]

  init(_ answer: AdminAnswer) {
    status = answer.status
    let problem = answer.content
    detail = problem["detail"]?.text(or: "The server answered \(answer.status).") ?? ""
    if detail.isEmpty { detail = "The server answered \(answer.status)." }
    guard case .array(let errors) = problem["errors"] else {
      faults = []
      return
    }
    faults = errors.map { error in
      let place = ["pointer", "parameter", "header"].lazy
        .compactMap { error[$0]?.text(or: "") }.first { !$0.isEmpty }
      return (place.map { "\($0): " } ?? "") + (error["detail"]?.text(or: "") ?? "")
    }
  }

  package var description: String {
    // A single fault's text is the detail already, but for its place.
    faults.count == 1
      ? faults[0] : ([detail] + faults.map { "  " + $0 }).joined(separator: "\n")
  }
}

/// There is no answer, and why not.
package struct NoServer: Error, CustomStringConvertible {
  package var server: String
  /// A sentence.
  package var reason: String

  package var description: String {
    """
    No Chancery answers at \(server). \(reason)
    Name another with --server or CHANCERY_SERVER, or start one with: chancery serve
    """
  }
}

extension JSONValue {
  fileprivate func text(or other: String) -> String {
    if case .string(let text) = self { text } else { other }
  }
}
