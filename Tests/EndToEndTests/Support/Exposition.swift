/// Metrics in Prometheus' text format 0.0.4, read as strictly as its description allows.
///
/// Source: Prometheus, "Exposition formats", section "Text format details".
struct Exposition: Sendable {
  /// By family; each has its type.
  private(set) var types: [String: String] = [:]
  private(set) var helps: [String: String] = [:]
  /// By name and labels, as they are written.
  private(set) var samples: [String: Double] = [:]
  private var family = ""
  /// Buckets of the histogram that is being read.
  private var buckets: [Double] = []

  init(_ text: String) throws {
    guard text.hasSuffix("\n") else { throw Malformed(line: "the end") }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      guard try readHead(line) || readSample(line) else { throw Malformed(line: String(line)) }
    }
  }

  subscript(series: String) -> Double? { samples[series] }

  private mutating func readHead(_ line: Substring) throws -> Bool {
    if let (_, name, help) = line.wholeMatch(of: /# HELP ([a-zA-Z_:][\w:]*) (.+)/)?.output {
      return helps.updateValue(String(help), forKey: String(name)) == nil
    }
    let head = /# TYPE ([a-zA-Z_:][\w:]*) (counter|gauge|histogram)/
    guard let (_, name, type) = line.wholeMatch(of: head)?.output else { return false }
    family = String(name)
    return types.updateValue(String(type), forKey: family) == nil
  }

  private mutating func readSample(_ line: Substring) throws -> Bool {
    let labels =
      /(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*")(?:,[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*")*/
    let sample = /([a-zA-Z_:][\w:]*)(\{.*\})? (\S+)/
    guard let (_, name, braces, text) = line.wholeMatch(of: sample)?.output,
      braces.map({ $0.dropFirst().dropLast().wholeMatch(of: labels) != nil }) ?? true,
      let value = Double(text.replacing("Inf", with: "infinity")),
      belongs(String(name), braces ?? "", value)
    else { return false }
    return samples.updateValue(value, forKey: "\(name)\(braces ?? "")") == nil
  }

  private mutating func belongs(_ name: String, _ braces: Substring, _ value: Double) -> Bool {
    guard types[family] == "histogram" else { return name == family }
    switch name {
    case family + "_bucket":
      let isLast = braces.hasSuffix("le=\"+Inf\"}")
      defer { buckets.append(value) }
      return buckets.last ?? 0 <= value && (isLast || braces.contains("le=\""))
    case family + "_sum": return true
    case family + "_count":
      defer { buckets = [] }
      return buckets.last == value
    default: return false
    }
  }

  struct Malformed: Error { var line: String }
}

extension Chancery {
  /// What is measured now.
  func metrics() async throws -> Exposition { try Exposition(await call(.get, "/metrics").text) }
}
