import Model

/// The changes of an answer, as a person reads them.
struct ChangeList {
  private let changes: [JSONValue]

  /// - Parameter value: An answer with a member `changes`.
  init(_ value: JSONValue) {
    if case .array(let changes) = value["changes"] { self.changes = changes } else { changes = [] }
  }

  var isEmpty: Bool { changes.isEmpty }

  /// A line for each object, and below it the steps that change it, if the answer has them.
  var text: String {
    changes.map { change in
      let (sign, color) = Self.sign(of: change["op"]?.string ?? "")
      let line = "\(sign) \(change["kind"]?.string ?? "") \(change["name"]?.string ?? "")\n"
      return Terminal.colored(line, color) + steps(of: change)
    }.joined()
  }

  private static func sign(of operation: String) -> (String, Terminal.Color) {
    switch operation {
    case "added": ("+", .green)
    case "removed": ("-", .red)
    default: ("~", .yellow)
    }
  }

  private func steps(of change: JSONValue) -> String {
    guard case .array(let steps) = change["patch"] else { return "" }
    return steps.map { step in
      let path = step["path"]?.string ?? ""
      if path.isEmpty, step["op"] == "remove" { return "" }
      let words = [step["op"]?.string ?? "", path, step["value"]?.text ?? ""]
      return "    \(words.filter { !$0.isEmpty }.joined(separator: " "))\n"
    }.joined()
  }
}

extension JSONValue {
  /// A line for each warning of an answer: what is as asked, and yet may not be what was meant.
  var warningText: String {
    (self["warnings"]?.elements ?? []).map { warning in
      let place = warning["pointer"]?.string ?? ""
      let detail = warning["detail"]?.string ?? ""
      return Terminal.colored("warning: \(place): \(detail)\n", .yellow)
    }.joined()
  }

  /// The text that the value is; nil if it is none.
  var string: String? { if case .string(let text) = self { text } else { nil } }

  var integer: Int? { if case .integer(let number) = self { Int(number) } else { nil } }

  var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
}
