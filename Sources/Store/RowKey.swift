import Model

/// What identifies a row of one of the four tables of objects, now and in its history.
struct RowKey: Hashable, Sendable {
  enum Kind: String, CaseIterable, Sendable { case gateway, service, endpoint, route }

  var kind: Kind
  /// `SERVICE/ID` for an endpoint.
  var name: String

  init(_ kind: Kind, _ name: String) {
    self.kind = kind
    self.name = name
  }

  init(_ key: ObjectKey) {
    let kind: Kind =
      switch key.kind {
      case .gateway: .gateway
      case .service: .service
      case .route: .route
      }
    self.init(kind, key.name)
  }

  static func endpoint(_ id: String, of service: String) -> Self {
    Self(.endpoint, "\(service)/\(id)")
  }

  /// The object that the row is, or is part of.
  var object: ObjectKey {
    switch kind {
    case .gateway: ObjectKey(.gateway, name)
    case .service: ObjectKey(.service, name)
    case .route: ObjectKey(.route, name)
    case .endpoint: ObjectKey(.service, endpoint.service)
    }
  }

  /// The two parts of an endpoint's name.
  var endpoint: (service: String, id: String) {
    let slash = name.firstIndex(of: "/") ?? name.endIndex
    return (String(name[..<slash]), String(name[slash...].dropFirst()))
  }
}

/// A row as it is to be; nil is absent.
struct RowEdit: Hashable, Sendable {
  var key: RowKey
  var body: String?
}

extension Change {
  /// The rows that differ, endpoints one by one.
  var rows: [RowEdit] {
    edits.flatMap { key, edit in
      switch edit.after {
      case .service(let service): Self.rows(of: key.name, from: edit.before?.service, to: service)
      case let after: [RowEdit(key: RowKey(key), body: after?.json.text)]
      }
    }
  }

  private static func rows(of name: String, from before: Service?, to after: Service) -> [RowEdit] {
    var former = Dictionary(
      (before?.endpoints ?? []).map { ($0.id, $0) },
      uniquingKeysWith: { $1 }
    )
    var rows: [RowEdit] = []
    let spec = after.spec
    if before?.spec != spec { rows.append(RowEdit(key: RowKey(.service, name), body: spec.text)) }
    for endpoint in after.endpoints where former.removeValue(forKey: endpoint.id) != endpoint {
      rows.append(RowEdit(key: .endpoint(endpoint.id, of: name), body: endpoint.spec.text))
    }
    return rows + former.keys.map { RowEdit(key: .endpoint($0, of: name), body: nil) }
  }
}
