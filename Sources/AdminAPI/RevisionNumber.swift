import Model
import Publisher
import Store

/// Numbers of revisions in paths and queries.
enum RevisionNumber {
  /// The number that a text is; nil if it is none.
  static func parse(_ text: String) -> Int? {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard !text.isEmpty, text.utf8.allSatisfy(digits.contains) else { return nil }
    // A number too large for Int is beyond every head.
    return Int(text) ?? .max
  }

  /// What is wrong with the parameter `at` of a query.
  static func flaws(in query: Query) -> [Problem.Flaw] {
    query.all("at").filter { parse($0) == nil }.map { _ in flaw("at") }
  }

  static func flaw(_ parameter: String) -> Problem.Flaw {
    .init(.parameter(parameter), .invalidValue, "A revision is a number.")
  }
}

extension ConfigStore {
  /// The revision that a call asks for by `at`, the newest if by none.
  ///
  /// - Throws: A problem if there is no such revision.
  func compiledHead(for call: Call) async throws -> Head<Compiled> {
    guard let at = call.query["at"] else { return head }
    if let number = RevisionNumber.parse(at), let found = try await compiledHead(at: number) {
      return found
    }
    throw Problem.noSuchRevision(at)
  }
}
