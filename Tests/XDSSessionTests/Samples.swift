import HashTreeCollections
import Snapshots

@testable import XDSSession

// Small resources, told apart by a content.

func cluster(_ name: String, _ content: String = "1", warmsBeyondAssignment: Bool = false)
  -> Resource
{
  Resource(
    ResourceKey(.cluster, name),
    body: Array(content.utf8),
    needs: [ResourceKey(.endpoints, name)],
    warmsBeyondAssignment: warmsBeyondAssignment
  )
}

func fixedCluster(_ name: String, _ content: String = "1") -> Resource {
  Resource(ResourceKey(.cluster, name), body: Array(content.utf8))
}

func endpoints(_ name: String, _ content: String = "1") -> Resource {
  Resource(ResourceKey(.endpoints, name), body: Array(content.utf8))
}

func listener(
  _ name: String,
  _ content: String = "1",
  routes: String? = nil,
  clusters: [String] = []
)
  -> Resource
{
  let needs =
    (routes.map { [ResourceKey(.routes, $0)] } ?? [])
    + clusters.map { ResourceKey(.cluster, $0) }
  return Resource(
    ResourceKey(.listener, name),
    body: Array("\(needs.map(\.name)) \(content)".utf8),
    needs: needs
  )
}

func routes(_ name: String, to clusters: [String] = [], _ content: String = "1") -> Resource {
  Resource(
    ResourceKey(.routes, name),
    body: Array("\(clusters) \(content)".utf8),
    needs: clusters.map { ResourceKey(.cluster, $0) }
  )
}

/// A route configuration whose virtual hosts are resources of their own.
func hostwiseRoutes(_ name: String, _ content: String = "1") -> Resource {
  Resource(ResourceKey(.routes, name), body: Array(content.utf8), awaitsVirtualHosts: true)
}

func virtualHost(_ name: String, to clusters: [String] = [], _ content: String = "1") -> Resource {
  Resource(
    ResourceKey(.virtualHost, name),
    body: Array("\(clusters) \(content)".utf8),
    needs: clusters.map { ResourceKey(.cluster, $0) }
  )
}

func snapshot(_ revision: Int, _ resources: [Resource]) -> Snapshot {
  var snapshot = Snapshot(revision: revision)
  for resource in resources { snapshot[resource.type].insert(resource) }
  return snapshot
}

extension Snapshot {
  var all: [ResourceKey: Resource] {
    var all: [ResourceKey: Resource] = [:]
    for type in ResourceType.allCases {
      for (name, resource) in self[type].byName { all[ResourceKey(type, name)] = resource }
    }
    return all
  }

  func changes(since former: Snapshot) -> Set<ResourceKey> {
    let (old, new) = (former.all, all)
    return Set(old.keys).union(new.keys).filter { old[$0]?.version != new[$0]?.version }
  }
}

extension ResourceSet {
  var versions: [String: String] {
    Dictionary(uniqueKeysWithValues: byName.map { ($0.key, "\($0.value.version)") })
  }
}
