import HTTPTypes
import Model

/// On which state of a thing a write is to be made, or a read to be answered (RFC 9110, section 13).
///
/// For a write it is judged inside that, on the very state that the write would change.
struct Precondition: Sendable {
  private let ifMatch: EntityTags?
  private let ifNoneMatch: EntityTags?

  /// - Throws: A problem if a header is not `*` or entity tags.
  init(_ headers: HTTPFields) throws {
    ifMatch = try Self.tags(.ifMatch, in: headers)
    ifNoneMatch = try Self.tags(.ifNoneMatch, in: headers)
  }

  private static func tags(_ name: HTTPField.Name, in headers: HTTPFields) throws -> EntityTags? {
    guard let text = headers[name] else { return nil }
    guard let tags = EntityTags(text) else {
      let detail = "Must be * or entity tags in their double quotes, such as \"5\"."
      throw Problem(invalid: [.init(.header(name.rawName), .invalidValue, detail)])
    }
    return tags
  }

  /// - Parameter tags: Of what is there now, the one to tell the client first; empty for nothing.
  /// - Throws: A problem with the current tag if the state is not the one asked for.
  func check(_ tags: [String]) throws {
    if let ifMatch, !ifMatch.match(tags, strongly: true) {
      throw Self.failed(tags, tags.isEmpty ? "There is nothing yet." : "It was changed meanwhile.")
    }
    if let ifNoneMatch, ifNoneMatch.match(tags, strongly: false) {
      throw Self.failed(tags, "It is there already.")
    }
  }

  /// Whether a reader has already what is to be answered, which has that tag; the others are of the
  /// same state in all formats.
  ///
  /// - Throws: A problem with the tag if the state is not the one asked for.
  func isKnown(_ tag: String, among tags: [String]) throws -> Bool {
    if let ifMatch, !ifMatch.match(tags, strongly: true) {
      throw Self.failed([tag], "It was changed meanwhile.")
    }
    return ifNoneMatch?.match([tag], strongly: false) ?? false
  }

  private static func failed(_ tags: [String], _ reason: String) -> Problem {
    let current = tags.first.map { " Its entity tag is \($0)." } ?? ""
    return Problem(
      .preconditionFailed,
      reason + current,
      headers: tags.first.map { [.eTag: $0] } ?? [:]
    )
  }
}
