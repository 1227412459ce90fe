import HashTreeCollections
import Model
import Publisher
import Store

extension ConfigStore {
  /// A page of the objects of a kind that a revision has, and the key of the last one if there are
  /// more.
  ///
  /// Of a revision before the head it reads so much as it takes to fill the page.
  ///
  /// - Throws: A problem if this version does not understand one of them.
  func page(
    _ page: Page,
    of kind: ObjectKind,
    _ selector: LabelSelector,
    at number: Int
  ) async throws -> (items: [JSONValue], last: String?) {
    var filling = Page.Filling<JSONValue>(page)
    var after = page.after ?? ""
    while true {
      let limit = max(page.size + 1, Self.leastRead)
      let head = try await head(existing: number, .page(of: kind, after: after, limit: limit))
      try head.checkReadable { $0.kind == kind }
      let names = head.document.names(of: kind)
      for name in names where name > after {
        filling.add(head, ObjectKey(kind, name), selector)
        if filling.isFull { break }
      }
      // The head itself has all names at once.
      guard !filling.isFull, names.count == limit, let last = names.last, last > after else {
        return (filling.items, filling.last)
      }
      after = last
    }
  }

  /// At most how many objects are read for nothing when a page is small and its labels are rare.
  private static var leastRead: Int { 100 }
}

extension Page.Filling<JSONValue> {
  fileprivate mutating func add<Compiled>(
    _ head: Head<Compiled>,
    _ key: ObjectKey,
    _ selector: LabelSelector
  ) {
    guard let object = head.document[key], selector.selects(object) else { return }
    if let value = head.json(of: key) { add(value, key.name) }
  }
}
