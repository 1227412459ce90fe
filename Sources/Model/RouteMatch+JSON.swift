extension RouteMatch {
  /// nil without exactly one path condition; every fault is collected.
  init?(reader: ObjectReader) {
    var reader = reader
    let path = Path(from: &reader)
    methods = reader.methods()
    headers = reader.headers()
    reader.finish()
    guard let path else { return nil }
    self.path = path
  }

  var json: JSONValue {
    let headers = headers.map { JSONValue.array($0.map(\.json)) }
    let methods = methods.map { JSONValue.array($0.map { .string($0) }) }
    return switch path {
    case .prefix(let prefix):
      JSONValue(["prefix": .string(prefix), "methods": methods, "headers": headers])
    case .exact(let path):
      JSONValue(["exact": .string(path), "methods": methods, "headers": headers])
    case .regex(let pattern):
      JSONValue(["regex": .string(pattern), "methods": methods, "headers": headers])
    }
  }
}

extension RouteMatch.Path {
  fileprivate init?(from reader: inout ObjectReader) {
    let prefix = reader.matchedPath("prefix", trimming: Self.trimmed)
    let exact = reader.matchedPath("exact") { $0 }
    let regex = reader.regex("regex")
    let given = reader.members(of: ["prefix", "exact", "regex"])
    guard given.count == 1 else {
      reader.faults.add(
        reader.pointer,
        .oneOf,
        "Needs exactly one of prefix, exact and regex."
      )
      return nil
    }
    if let prefix {
      self = .prefix(prefix)
    } else if let exact {
      self = .exact(exact)
    } else if let regex {
      self = .regex(regex)
    } else {
      return nil
    }
  }

  private static func trimmed(_ prefix: String) -> String {
    let trimmed = String(prefix.reversed().drop { $0 == "/" }.reversed())
    return trimmed.isEmpty ? "/" : trimmed
  }
}

extension RouteMatch.Header {
  fileprivate init?(_ value: JSONValue, at pointer: String, faults: FaultCollector) {
    guard var reader = ObjectReader(value, at: pointer, faults: faults) else { return nil }
    reader.require("name", "A header condition needs the header's name.")
    let name = reader.headerName("name")
    let condition = Condition(from: &reader)
    reader.finish()
    guard let name, let condition else { return nil }
    self.init(name: name, condition: condition)
  }

  fileprivate var json: JSONValue {
    let (member, value) = condition.member
    return .object(["name": .string(name), member: value])
  }
}

extension RouteMatch.Header.Condition {
  fileprivate init?(from reader: inout ObjectReader) {
    let found: [Self?] = [
      reader.headerText("exact").map { .exact($0) },
      reader.headerText("prefix").map { .prefix($0) },
      reader.headerText("suffix").map { .suffix($0) },
      reader.headerText("contains").map { .contains($0) },
      reader.regex("regex").map { .regex($0) },
      reader.bool("present").map { .present($0) },
    ]
    let names = ["exact", "prefix", "suffix", "contains", "regex", "present"]
    guard reader.members(of: names).count == 1 else {
      reader.faults.add(
        reader.pointer,
        .oneOf,
        "Needs exactly one of \(names.joined(separator: ", "))."
      )
      return nil
    }
    guard let condition = found.compactMap({ $0 }).first else { return nil }
    self = condition
  }

  fileprivate var member: (String, JSONValue) {
    switch self {
    case .exact(let text): ("exact", .string(text))
    case .prefix(let text): ("prefix", .string(text))
    case .suffix(let text): ("suffix", .string(text))
    case .contains(let text): ("contains", .string(text))
    case .regex(let pattern): ("regex", .string(pattern))
    case .present(let isPresent): ("present", .bool(isPresent))
    }
  }
}

extension ObjectReader {
  fileprivate mutating func methods() -> [String]? {
    guard let methods = strings("methods") else { return nil }
    if methods.isEmpty { fault("methods", .invalidValue, "Leave it out to take every method.") }
    for (method, pointer) in methods where !method.isToken || method.count > 32 {
      faults.add(pointer, .invalidValue, "Must be an HTTP method, such as \"GET\".")
    }
    let distinct = Set(methods.map(\.value)).sorted()
    if distinct.count > 1, distinct.allSatisfy(\.isToken),
      let problem = RegularExpression.fault(in: RegularExpression.pattern(forAnyOf: distinct))
    {
      fault("methods", .invalidValue, "Too many methods for one route: \(problem)")
    }
    return distinct
  }

  fileprivate mutating func headers() -> [RouteMatch.Header]? {
    guard let elements = array("headers") else { return nil }
    return elements.compactMap { RouteMatch.Header($0, at: $1, faults: faults) }
      .sorted { ($0.name, $0.json.text) < ($1.name, $1.json.text) }
  }
}
