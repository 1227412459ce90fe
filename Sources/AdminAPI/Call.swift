import HTTPTypes
import Model

/// A request to one operation, read and found to be one that it takes.
struct Call: Sendable {
  var method: HTTPRequest.Method
  /// The path that was asked for, in one spelling.
  var place: String
  /// Names the request in its answer.
  var requestID: String
  var headers: HTTPFields
  /// The path's parameters by name.
  var path: [String: String]
  var query: Query
  /// What the body says; null if the operation takes none.
  var content: JSONValue
  /// In what the answer is to be written.
  var answerFormat: MediaType
  /// Ends when nobody waits for the answer any more; nil if that is not watched.
  var departure: AsyncStream<Void>?
  /// The author of what it writes: the principal's name.
  var author: String

  /// A parameter of the path.
  func path(_ name: String) -> String { path[name] ?? "" }

  /// The message for the revision; nil if there is none.
  ///
  /// - Throws: A problem if it is not one line of at most 1024 bytes.
  func message() throws -> String? {
    guard let text = headers[.chanceryMessage], !text.isEmpty else { return nil }
    // Bytes that are no UTF-8 arrive as the replacement character.
    let isLine = text.unicodeScalars.allSatisfy {
      $0 != "\u{FFFD}" && $0.properties.generalCategory != .control
    }
    if isLine, text.utf8.count <= 1024 { return text }
    let detail = "Must be one line of UTF-8 of at most 1024 bytes."
    throw Problem(
      invalid: [.init(.header(HTTPField.Name.chanceryMessage.rawName), .invalidValue, detail)]
    )
  }
}
