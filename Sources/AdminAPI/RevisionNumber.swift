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

  /// What is wrong with the parameters `at` and `from` of a query.
  static func flaws(in query: Query) -> [Problem.Flaw] {
    ["at", "from"].flatMap { name in
      query.all(name).filter { parse($0) == nil }.map { _ in flaw(name) }
    }
  }

  static func flaw(_ parameter: String) -> Problem.Flaw {
    .init(.parameter(parameter), .invalidValue, "A revision is a number.")
  }
}

extension Call {
  /// The number in the path.
  ///
  /// - Throws: A problem if it is none.
  func number() throws -> Int {
    if let number = RevisionNumber.parse(path("number")) { return number }
    throw Problem(invalid: [RevisionNumber.flaw("number")])
  }

  /// The revision that is to be read, by the page before or by `at`; nil for the newest.
  fileprivate var revision: Int? {
    Page(query).revision ?? query["at"].flatMap(RevisionNumber.parse)
  }
}

extension ConfigStore {
  /// The revision that a call asks for, the newest if none.
  ///
  /// - Throws: A problem if there is no such revision.
  func number(for call: Call) throws -> Int {
    let newest = head.revision.number
    guard let number = call.revision else { return newest }
    if number >= 1, number <= newest { return number }
    throw Problem.noSuchRevision(call.query["at"] ?? "\(number)")
  }

  /// What a call is to read of the revision that it asks for.
  ///
  /// - Throws: A problem if there is no such revision.
  func head(for call: Call, _ part: PastPart) async throws -> Head<Compiled> {
    if call.revision == nil { return head }
    return try await head(existing: number(for: call), part)
  }

  /// - Throws: A problem if there is no such revision.
  func head(existing number: Int, _ part: PastPart) async throws -> Head<Compiled> {
    if let head = try await head(at: number, part) { return head }
    throw Problem.noSuchRevision("\(number)")
  }

  /// The revision that a call asks for, compiled.
  ///
  /// - Throws: A problem if there is no such revision.
  func compiledHead(for call: Call) async throws -> Head<Compiled> {
    if call.revision == nil { return head }
    let number = try number(for: call)
    if let head = try await compiledHead(at: number) { return head }
    throw Problem.noSuchRevision("\(number)")
  }
}
