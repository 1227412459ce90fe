import Foundation
import HTTPTypes
import Hummingbird
import Model

/// Which part of a list is asked for: so many items after the one that a token stands for.
struct Page: Sendable {
  static let parameters: Set<String> = ["page_size", "page_token"]

  let size: Int
  /// The key of the last item of the page before; nil for the first page.
  let after: String?

  /// Reads the parameters of a query that was checked.
  init(_ query: Query) {
    size = Self.size(in: query)
    after = query["page_token"].flatMap(Self.key)
  }

  /// What is wrong with the parameters.
  static func flaws(in query: Query) -> [Problem.Flaw] {
    var flaws: [Problem.Flaw] = []
    if !(1...1000).contains(size(in: query)) {
      flaws.append(.init(.parameter("page_size"), .outOfRange, "Must be from 1 to 1000."))
    }
    if let token = query["page_token"], key(of: token) == nil { flaws.append(unknownToken) }
    return flaws
  }

  private static func size(in query: Query) -> Int {
    query["page_size"].map { Int($0) ?? 0 } ?? 100
  }

  private static let unknownToken = Problem.Flaw(
    .parameter("page_token"),
    .invalidValue,
    "Must be the next_page_token of an answer."
  )

  /// The last item's key as a number.
  ///
  /// - Throws: A problem if it is none: the token is from another list.
  func afterNumber() throws -> Int? {
    guard let after else { return nil }
    guard let number = Int(after) else { throw Problem(invalid: [Self.unknownToken]) }
    return number
  }

  private static func key(of token: String) -> String? {
    let padded = token.replacing("-", with: "+").replacing("_", with: "/")
      .padding(toLength: (token.count + 3) / 4 * 4, withPad: "=", startingAt: 0)
    guard let data = Data(base64Encoded: padded), !data.isEmpty else { return nil }
    return String(validating: data, as: UTF8.self)
  }

  /// The token of the page after an item (base64url, RFC 4648, section 5).
  static func token(after key: String) -> String {
    Data(key.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
      .replacing("=", with: "")
  }

  /// The items of the page among those of sorted keys, and the key of the last one if there are
  /// more; `item` is nil for what is not to be listed.
  func items<Item>(
    of keys: [String],
    item: (String) throws -> Item?
  ) rethrows -> (items: [Item], last: String?) {
    var items: [Item] = []
    var last: String?
    for key in keys where key > after ?? "" {
      guard let value = try item(key) else { continue }
      if items.count == size { return (items, last) }
      items.append(value)
      last = key
    }
    return (items, nil)
  }
}

extension Response {
  /// A page of the list at `path`; `last` is the key of its last item if there is a page after it.
  init(page items: [JSONValue], last: String?, of path: String, to call: Call, revision: Int) {
    self.init(
      page: ["items": .array(items), "revision": .integer(Int64(revision))],
      last: last,
      of: path,
      call.query,
      to: call,
      revision: revision
    )
  }

  /// A page of what is at `path` with a query, the members beside the token given.
  init(
    page members: [String: JSONValue],
    last: String?,
    of path: String,
    _ query: Query,
    to call: Call,
    revision: Int
  ) {
    let token = last.map(Page.token)
    var members = members
    members["next_page_token"] = token.map { .string($0) } ?? .null
    self.init(.ok, .object(members), to: call, revision: revision)
    if let token {
      headers[.link] = "<\(path)?\(query.with("page_token", token).text)>; rel=\"next\""
    }
  }
}
