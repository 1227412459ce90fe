package import Model
package import Snapshots
package import Store
package import XDSCompiler

/// A resource as a person can read it.
package struct ResourceView: Sendable {
  package var name: String
  package var version: String
  /// The message in protobuf's JSON, with the field names of Envoy's documentation.
  package var content: JSONValue

  /// Decodes the resource; costs what encoding it did.
  package init(_ resource: Resource) throws {
    name = resource.name
    version = "\(resource.version)"
    content = try resource.json
  }
}

extension ConfigStore {
  /// What the proxies of each fleet have with a revision; nil if it is not servable.
  package func snapshots(of head: Head<Compilation>) -> FleetSnapshots? {
    head.compiled?.fleets.stamped(head.revision.number)
  }
}
