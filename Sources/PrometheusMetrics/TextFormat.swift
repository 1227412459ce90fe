// Prometheus, "Exposition formats", section "Text format details".

/// The labels of a series, sorted by name, as they stand between braces.
struct Labels: Hashable, Comparable, Sendable {
  private var text = ""

  /// Of dimensions with the same name the last one counts.
  init(_ dimensions: [(String, String)]) {
    let values = Dictionary(dimensions.map { ($0.sanitized(allowing: ""), $1) }) { $1 }
    for (name, value) in values.sorted(by: { $0.key < $1.key }) { append(name, value) }
  }

  static func < (left: Self, right: Self) -> Bool { left.text < right.text }

  func with(_ name: String, _ value: String) -> Labels {
    var labels = self
    labels.append(name, value)
    return labels
  }

  /// A sample with these labels.
  func line(_ name: String, _ value: Double) -> String {
    let braces = text.isEmpty ? "" : "{\(text)}"
    return "\(name)\(braces) \(value.sampleText)\n"
  }

  private mutating func append(_ name: String, _ value: String) {
    let escaped = value.escaped.replacing("\"", with: "\\\"")
    text += (text.isEmpty ? "" : ",") + "\(name)=\"\(escaped)\""
  }
}

extension MetricFamily {
  /// The lines above its samples.
  var head: String {
    let type = "# TYPE \(name) \(kind.type)\n"
    return help.isEmpty ? type : "# HELP \(name) \(help.escaped)\n" + type
  }
}

extension Double {
  /// As Go's `ParseFloat` takes it.
  var sampleText: String {
    if isNaN { return "NaN" }
    if isInfinite { return self < 0 ? "-Inf" : "+Inf" }
    return Int(exactly: self).map { "\($0)" } ?? "\(self)"
  }
}

extension String {
  /// With each character that a name cannot have replaced by an underscore.
  ///
  /// Source: Prometheus, "Data model", section "Metric names and labels".
  func sanitized(allowing more: String) -> String {
    let name = String(
      map { character in
        let isPlain = character.isASCII && (character.isLetter || character.isNumber)
        return isPlain || character == "_" || more.contains(character) ? character : "_"
      }
    )
    return name.first.map(\.isNumber) ?? true ? "_" + name : name
  }

  fileprivate var escaped: String {
    replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
  }
}
