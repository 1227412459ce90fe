/// Spelling of JSON pointers (RFC 6901).
package enum JSONPointer {
  /// The pointer to a member of what `pointer` points to.
  package static func join(_ pointer: String, _ member: String) -> String {
    pointer + "/" + escape(member)
  }

  /// A member's name as it stands between two slashes: `~` is `~0`, `/` is `~1`.
  package static func escape(_ member: String) -> String {
    guard member.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else {
      return member
    }
    return member.unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar {
      case "~": text += "~0"
      case "/": text += "~1"
      default: text.unicodeScalars.append(scalar)
      }
    }
  }
}
