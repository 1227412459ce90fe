import HashTreeCollections
import Model
import Store

/// A database of a sample document whose revisions change one endpoint or one route each.
struct DocumentHistory: Sendable {
  var document: SampleDocument
  var revisions: Int

  /// Writes all of it, many revisions in one transaction.
  func write(to path: String) async throws {
    let seed = try DocumentSections(document.json()).objects.map { ($0.key, Optional($0.value)) }
    let store = try SampleHistory.open(path, seed: seed)
    var next = 2
    while next <= revisions {
      let group = next..<Swift.min(next + 250, revisions + 1)
      try await withThrowingTaskGroup { tasks in
        for number in group {
          tasks.addTask {
            let request = WriteRequest<SampleHistory.Compiled>(author: "bench") { head in
              [edit(number, of: head.document)].compactMap(\.self)
            }
            _ = try await store.write(request)
          }
        }
        try await tasks.waitForAll()
      }
      if (next - 2) % 10_000 == 0 { Terminal.report("\(next - 1) of \(revisions) revisions") }
      next = group.upperBound
    }
    try store.close()
  }

  private func edit(_ number: Int, of present: Document) -> ObjectEdit? {
    let name = SampleDocument.name(number &* 7919 % document.services)
    if number.isMultiple(of: 2) {
      guard let service = present.services[name] else { return nil }
      var endpoints = service.endpoints
      endpoints[number / 2 % endpoints.count].weight = 1 + number % 1_000_000
      return (ObjectKey(.service, name), .service(service.with(endpoints: endpoints)))
    }
    guard var route = present.routes[name] else { return nil }
    route.labels = ["change": "\(number)"]
    return (ObjectKey(.route, name), .route(route))
  }
}
