package import HashTreeCollections

/// The whole configuration at one revision: every object by its name.
///
/// A value whose copies share structure, so keeping many costs their differences, and an edit
/// costs the logarithm of the document's size. It keeps who refers to whom as it is edited.
package struct Document: Sendable {
  package private(set) var gateways: TreeDictionary<String, Gateway> = [:]
  package private(set) var services: TreeDictionary<String, Service> = [:]
  package private(set) var routes: TreeDictionary<String, Route> = [:]
  /// Who refers to whom, by name.
  package private(set) var index = DocumentIndex()

  /// An empty document.
  package init() {}

  package init(_ objects: some Sequence<(ObjectKey, ConfigObject)>) {
    for (key, object) in objects { self[key] = object }
  }

  /// The object of that key; setting nil removes it.
  package subscript(key: ObjectKey) -> ConfigObject? {
    get {
      switch key.kind {
      case .gateway: gateways[key.name].map { .gateway($0) }
      case .service: services[key.name].map { .service($0) }
      case .route: routes[key.name].map { .route($0) }
      }
    }
    set {
      index.replace(self[key], with: newValue, named: key.name)
      switch key.kind {
      case .gateway: gateways[key.name] = newValue?.gateway
      case .service: services[key.name] = newValue?.service
      case .route: routes[key.name] = newValue?.route
      }
    }
  }

  /// Applies edits and tells what they changed; nil removes an object.
  package mutating func apply(
    _ edits: some Sequence<(key: ObjectKey, value: ConfigObject?)>
  ) -> Change {
    var change = Change()
    for (key, object) in edits {
      let before = self[key]
      guard before != object else { continue }
      self[key] = object
      change.note(key, before: before, after: object)
    }
    return change
  }

  /// The names of a kind's objects, sorted.
  package func names(of kind: ObjectKind) -> [String] {
    switch kind {
    case .gateway: gateways.keys.sorted()
    case .service: services.keys.sorted()
    case .route: routes.keys.sorted()
    }
  }

  /// Every object, sorted by key.
  package var objects: [(key: ObjectKey, object: ConfigObject)] {
    ObjectKind.allCases.sorted().flatMap { kind in
      names(of: kind).compactMap { name in
        let key = ObjectKey(kind, name)
        return self[key].map { (key, $0) }
      }
    }
  }

  /// The change that makes an empty document this one.
  package var asChange: Change {
    objects.reduce(into: Change()) { $0.note($1.key, before: nil, after: $1.object) }
  }
}
