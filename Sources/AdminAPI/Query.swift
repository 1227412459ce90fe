import Model

/// The parameters of a URL's query, in their order.
struct Query: Sendable {
  private let pairs: [(name: String, value: String)]

  private init(_ pairs: [(name: String, value: String)]) { self.pairs = pairs }

  /// - Throws: A problem if it is not properly encoded.
  init(_ text: String?) throws {
    pairs = try (text ?? "").split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let decoded = parts.map { PercentEncoding.decode($0, plusIsSpace: true) }
      guard let name = decoded.first ?? nil, let value = decoded.count > 1 ? decoded[1] : "" else {
        throw Problem(.malformedRequest, "The query is not percent-encoded UTF-8.")
      }
      return (name, value)
    }
  }

  /// The value of a parameter that can be given once.
  subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

  func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

  /// A page token has to be of the path that was asked for, `list`.
  ///
  /// - Throws: A problem that names each parameter which the operation does not know, so that a
  ///   misspelt one never passes for one left out, each that is given twice, and each that makes
  ///   no sense.
  func check(
    known: Set<String>,
    of list: String,
    repeatable: Set<String> = ["label"]
  ) throws {
    let unknown = Set(pairs.map(\.name)).subtracting(known).sorted().map { name in
      Problem.Flaw(.parameter(name), .unknownField, Self.unknown(name, known))
    }
    let repeated = known.subtracting(repeatable).sorted().filter { all($0).count > 1 }.map { name in
      Problem.Flaw(.parameter(name), .duplicate, "The parameter \"\(name)\" is given twice.")
    }
    let senseless =
      Page.flaws(in: self, of: list) + LabelSelector.flaws(in: self)
      + RevisionNumber.flaws(in: self) + ProxyFilter.flaws(in: self) + Flag.flaws(in: self)
    let flaws = unknown + repeated + senseless.filter { $0.isAbout(parameters: known) }
    if !flaws.isEmpty { throw Problem(invalid: flaws) }
  }

  private static func unknown(_ name: String, _ known: Set<String>) -> String {
    let known = known.sorted().joined(separator: ", ")
    let hint = known.isEmpty ? "None is taken here." : "There are: \(known)."
    return "There is no parameter \"\(name)\" here. \(hint)"
  }

  /// The query with one parameter set to another value.
  func with(_ name: String, _ value: String) -> Query {
    Query(pairs.filter { $0.name != name } + [(name, value)])
  }

  /// The query as it stands in a URL, percent-encoded.
  var text: String {
    pairs.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
      .joined(separator: "&")
  }
}
