import Snapshots

extension ResourceType {
  /// What the API calls the resources of the type.
  var plural: String {
    switch self {
    case .secret: "secrets"
    case .cluster: "clusters"
    case .endpoints: "endpoints"
    case .listener: "listeners"
    case .routes: "routes"
    case .virtualHost: "virtual_hosts"
    }
  }

  /// The type of that plural.
  ///
  /// - Throws: A problem that names them all if there is none.
  init(plural: String) throws {
    guard let type = Self.allCases.first(where: { $0.plural == plural }) else {
      let names = Self.allCases.map(\.plural).sorted().joined(separator: ", ")
      let detail = "There is no type of resources \"\(plural)\". There are: \(names)."
      throw Problem(.notFound, detail)
    }
    self = type
  }
}
