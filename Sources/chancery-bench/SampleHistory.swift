import Foundation
import Logging
import Model
import Store

/// A history by recipe: revision 1 makes all objects, each later one changes one of them.
///
/// Every tenth change is of the same service; the others go round all objects in a scattered order,
/// and some delete a route that a later one makes anew.
struct SampleHistory: Sendable {
  /// What a document compiles to here: nothing.
  typealias Compiled = Int

  let objects: Int
  let revisions: Int

  static func open(_ path: String, seed: [ObjectEdit] = [], log: StatementLog? = nil) throws
    -> Store<Compiled>
  {
    var logger = Logger(label: "chancery-bench")
    logger.logLevel = .error
    return try Store(
      path: path,
      seed: seed,
      logger: logger,
      log: log,
      gate: { _, _, _ throws(Refusal) in 0 },
      committed: { _ in }
    )
  }

  var services: Int { objects * 6 / 10 }
  var routes: Int { objects - services - 1 }

  /// The one that changes in every tenth revision.
  static let busy = ObjectKey(.service, name(0))

  static func name(_ index: Int) -> String {
    let digits = String(index)
    return "object-" + String(repeating: "0", count: Swift.max(0, 6 - digits.count)) + digits
  }

  /// One of the objects that change seldom.
  func quiet(_ index: Int) -> ObjectKey {
    let scattered = index &* 7919
    return index.isMultiple(of: 2)
      ? ObjectKey(.service, Self.name(1 + scattered % (services - 1)))
      : ObjectKey(.route, Self.name(scattered % routes))
  }

  // MARK: Writing

  /// Writes all of it.
  func write(to path: String) async throws {
    let store = try Self.open(path, seed: seed)
    try await store.write(revisions: revisions) { [edit($0, of: $1)] }
    try store.close()
  }

  private var seed: [ObjectEdit] {
    [(ObjectKey(.gateway, "default"), .gateway(Gateway(port: 8080)))]
      + (0..<services).map { (ObjectKey(.service, Self.name($0)), service($0, 0)) }
      + (0..<routes).map { (ObjectKey(.route, Self.name($0)), route($0, 0)) }
  }

  private func edit(_ number: Int, of document: Document) -> ObjectEdit {
    if number.isMultiple(of: 10) { return (Self.busy, service(0, number)) }
    let key = quiet(number)
    let isGone = document[key] == nil
    let index = Int(key.name.suffix(6)) ?? 0
    if key.kind == .service { return (key, service(index, number)) }
    return (key, number % 16 == 3 && !isGone ? nil : route(index, number))
  }

  private func service(_ index: Int, _ number: Int) -> ConfigObject {
    let addresses = ["10.\(index >> 8 & 255).\(index & 255).1", "10.0.\(number >> 8 & 255).2"]
    return .service(
      Service(
        endpoints: addresses.map { Endpoint(address: $0, port: 8080) },
        labels: ["change": "\(number)"]
      )
    )
  }

  private func route(_ index: Int, _ number: Int) -> ConfigObject {
    .route(
      Route(
        match: RouteMatch(path: .prefix("/" + Self.name(index))),
        action: .service(Self.name(index % services)),
        labels: ["change": "\(number)"]
      )
    )
  }
}
