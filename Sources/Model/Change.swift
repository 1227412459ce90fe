/// What an edit does to a document, object by object.
package struct Change: Sendable {
  /// One object before and after, which differ; nil is absent.
  package struct Edit: Hashable, Sendable {
    package var before: ConfigObject?
    package var after: ConfigObject?
  }

  package private(set) var edits: [ObjectKey: Edit] = [:]

  package init() {}

  package var isEmpty: Bool { edits.isEmpty }

  package var keys: Set<ObjectKey> { Set(edits.keys) }

  /// Adds a later step; what ends where it began is dropped.
  package mutating func note(
    _ key: ObjectKey,
    before: ConfigObject?,
    after: ConfigObject?
  ) {
    let edit = Edit(before: edits[key].map(\.before) ?? before, after: after)
    edits[key] = edit.before == edit.after ? nil : edit
  }

  /// The change of this one and then a later one.
  package func followed(by later: Change) -> Change {
    later.edits.reduce(into: self) { change, edit in
      change.note(edit.key, before: edit.value.before, after: edit.value.after)
    }
  }

  /// The services of the change, as they are before and after.
  package var services: [(name: String, before: Service?, after: Service?)] {
    edits.compactMap { key, edit in
      guard key.kind == .service else { return nil }
      return (key.name, edit.before?.service, edit.after?.service)
    }
  }

  /// The routes of the change, as they are before and after.
  package var routes: [(name: String, before: Route?, after: Route?)] {
    edits.compactMap { key, edit in
      guard key.kind == .route else { return nil }
      return (key.name, edit.before?.route, edit.after?.route)
    }
  }

  /// The gateways of the change, as they are before and after.
  package var gateways: [(name: String, before: Gateway?, after: Gateway?)] {
    edits.compactMap { key, edit in
      guard key.kind == .gateway else { return nil }
      return (key.name, edit.before?.gateway, edit.after?.gateway)
    }
  }
}

extension ConfigObject {
  package var gateway: Gateway? {
    guard case .gateway(let gateway) = self else { return nil }
    return gateway
  }

  package var service: Service? {
    guard case .service(let service) = self else { return nil }
    return service
  }

  package var route: Route? {
    guard case .route(let route) = self else { return nil }
    return route
  }
}
