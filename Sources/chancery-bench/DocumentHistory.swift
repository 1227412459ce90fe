import HashTreeCollections
import Model
import Store

/// A database of a sample document whose revisions change one endpoint or one route each.
struct DocumentHistory: Sendable {
  var document: SampleDocument
  var revisions: Int

  /// Writes all of it.
  func write(to path: String) async throws {
    let seed = try DocumentSections(document.json()).objects.map { ($0.key, Optional($0.value)) }
    let store = try SampleHistory.open(path, seed: seed)
    try await store.write(revisions: revisions) { [edit($0, of: $1)].compactMap(\.self) }
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
