import Foundation
import Model

/// Where a list goes on: what `next_page_token` stands for.
struct PageToken: Hashable, Sendable {
  /// The revision that the list is read at, on every page.
  var revision: Int
  /// The path of the list.
  var list: String
  /// The key of the last item of the page before.
  var key: String

  /// Of the form of tokens, so that a later one is not misread.
  private static let version: JSONValue = 1

  init(revision: Int, list: String, key: String) {
    self.revision = revision
    self.list = list
    self.key = key
  }

  /// nil if the text is no token.
  init?(_ text: String) {
    let padded = text.replacing("-", with: "+").replacing("_", with: "/")
      .padding(toLength: (text.count + 3) / 4 * 4, withPad: "=", startingAt: 0)
    guard let data = Data(base64Encoded: padded),
      case .array(let parts) = try? JSONValue(json: data), parts.count == 4,
      parts[0] == Self.version, case .integer(let revision) = parts[1], revision >= 0,
      case .string(let list) = parts[2], case .string(let key) = parts[3]
    else { return nil }
    self.init(revision: Int(revision), list: list, key: key)
  }

  /// As clients have it (base64url, RFC 4648, section 5).
  var text: String {
    let parts: JSONValue = [
      Self.version, .integer(Int64(revision)), .string(list), .string(key),
    ]
    return Data(parts.bytes(pretty: false)).base64EncodedString()
      .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }
}
