import Foundation
import Model

/// Page tokens that nobody was given.
enum PageTokens {
  static func token(revision: Int, list: String, key: String) -> String {
    let parts: JSONValue = [1, .integer(Int64(revision)), .string(list), .string(key)]
    return Data(parts.bytes(pretty: false)).base64EncodedString()
      .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }
}
