import Model

/// Parameters of a query that are true or false.
enum Flag: String, CaseIterable {
  case dryRun = "dry_run", prune

  /// What is wrong with the parameters.
  static func flaws(in query: Query) -> [Problem.Flaw] {
    allCases.flatMap { flag in
      query.all(flag.rawValue).filter { Bool($0) == nil }.map { _ in
        .init(.parameter(flag.rawValue), .invalidValue, "Must be true or false.")
      }
    }
  }
}

extension Query {
  /// The value of a parameter of a query that was checked; nil if it is not given.
  subscript(flag: Flag) -> Bool? { self[flag.rawValue].flatMap { Bool($0) } }
}

extension Call {
  /// Whether only to tell what a write would do.
  var isDryRun: Bool { query[.dryRun] ?? false }
}
