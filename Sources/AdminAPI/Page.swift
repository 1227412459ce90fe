import HTTPTypes
import Hummingbird
import Model

/// Which part of a list is asked for: so many items after the one that a token stands for.
struct Page: Sendable {
  static let parameters: Set<String> = ["page_size", "page_token"]

  let size: Int
  private let token: PageToken?

  /// The key of the last item of the page before; nil for the first page.
  var after: String? { token?.key }
  /// The revision that the page before was read at; nil for the first page.
  var revision: Int? { token?.revision }

  /// Reads the parameters of a query that was checked.
  init(_ query: Query) {
    size = Self.size(in: query)
    token = query["page_token"].flatMap(PageToken.init)
  }

  /// What is wrong with the parameters of the list of that path.
  static func flaws(in query: Query, of list: String) -> [Problem.Flaw] {
    var flaws: [Problem.Flaw] = []
    if !(1...1000).contains(size(in: query)) {
      flaws.append(.init(.parameter("page_size"), .outOfRange, "Must be from 1 to 1000."))
    }
    guard let text = query["page_token"] else { return flaws }
    guard let token = PageToken(text), token.list == list else { return flaws + [unknownToken] }
    if let at = query["at"].flatMap(RevisionNumber.parse), at != token.revision {
      let detail = "The token is of revision \(token.revision), and at asks for another."
      flaws.append(.init(.parameter("page_token"), .invalidValue, detail))
    }
    return flaws
  }

  private static func size(in query: Query) -> Int {
    query["page_size"].map { Int($0) ?? 0 } ?? 100
  }

  private static let unknownToken = Problem.Flaw(
    .parameter("page_token"),
    .invalidValue,
    "Must be the next_page_token of an answer to the same call."
  )

  /// The last item's key as a number.
  ///
  /// - Throws: A problem if it is none: nobody was given such a token.
  func afterNumber() throws -> Int? {
    guard let after else { return nil }
    guard let number = Int(after) else { throw Problem(invalid: [Self.unknownToken]) }
    return number
  }

  /// The items of the page among those of sorted keys, and the key of the last one if there are
  /// more; `item` is nil for what is not to be listed.
  func items<Item>(
    of keys: [String],
    item: (String) throws -> Item?
  ) rethrows -> (items: [Item], last: String?) {
    var filling = Filling<Item>(self)
    for key in keys where key > after ?? "" {
      guard let value = try item(key) else { continue }
      filling.add(value, key)
      if filling.isFull { break }
    }
    return (filling.items, filling.last)
  }

  /// The items of the page among those, which are sorted by id, and the id of the last one if there
  /// are more.
  func items<Item: Identifiable<String>>(of sorted: [Item]) -> (items: [Item], last: String?) {
    var filling = Filling<Item>(self)
    for item in sorted where item.id > after ?? "" {
      filling.add(item, item.id)
      if filling.isFull { break }
    }
    return (filling.items, filling.last)
  }

  /// A page that items are put on, in their order, until there is one that does not fit.
  struct Filling<Item> {
    private let size: Int
    private(set) var items: [Item] = []
    private var lastKey = ""
    /// Whether there was an item too many.
    private(set) var isFull = false

    init(_ page: Page) { size = page.size }

    mutating func add(_ item: Item, _ key: String) {
      isFull = items.count == size
      if isFull { return }
      items.append(item)
      lastKey = key
    }

    /// The key of the last item, if there are more than those of the page.
    var last: String? { isFull ? lastKey : nil }
  }
}

extension Response {
  /// A page of the list at `path`; `last` is the key of its last item if there is a page after it.
  init(page items: [JSONValue], last: String?, of path: String, to call: Call, revision: Int) {
    self.init(
      page: ["items": .array(items), "revision": .integer(Int64(revision))],
      last: last,
      of: path,
      to: call,
      revision: revision
    )
  }

  /// A page of the list at `path`, the members beside the token given.
  init(
    page members: [String: JSONValue],
    last: String?,
    of path: String,
    to call: Call,
    revision: Int
  ) {
    let token = last.map { PageToken(revision: revision, list: path, key: $0).text }
    var members = members
    members["next_page_token"] = token.map { .string($0) } ?? .null
    self.init(.ok, .object(members), to: call, revision: revision)
    if let token {
      headers[.link] = "<\(path)?\(call.query.with("page_token", token).text)>; rel=\"next\""
    }
  }
}
