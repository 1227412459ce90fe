/// The tags of an `If-Match` or `If-None-Match` header (RFC 9110, section 8.8.3).
enum EntityTags: Hashable, Sendable {
  /// `*`: anything that exists.
  case any
  /// Strong tags with their quotes, and weak ones, which begin with `W/`.
  case these([String])

  /// nil if the text is neither `*` nor a list of tags.
  init?(_ text: String) {
    let tags = text.split(separator: ",").map { part in
      String(part.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
    if tags == ["*"] {
      self = .any
    } else if !tags.isEmpty, tags.allSatisfy(Self.isTag) {
      self = .these(tags)
    } else {
      return nil
    }
  }

  private static func isTag(_ text: String) -> Bool {
    let opaque = text.hasPrefix("W/") ? text.dropFirst(2) : text[...]
    return opaque.count >= 2 && opaque.hasPrefix("\"") && opaque.hasSuffix("\"")
      && !opaque.dropFirst().dropLast().contains("\"")
  }

  /// Whether one of the tags that something has is among these; nothing has no tags.
  ///
  /// A weak tag is never equal to one of Chancery's, which are all strong, where the comparison is
  /// strong (RFC 9110, section 8.8.3.2).
  func match(_ tags: [String], strongly: Bool) -> Bool {
    switch self {
    case .any: !tags.isEmpty
    case .these(let these):
      these.contains { tag in
        tags.contains(!strongly && tag.hasPrefix("W/") ? String(tag.dropFirst(2)) : tag)
      }
    }
  }
}
