import EnvoyAPI
import EventLoopGRPC
import HashTreeCollections
import Snapshots
import SwiftProtobuf

/// Says of proxies, one after the other, how they are with each resource.
struct ClientStatusReport {
  private typealias Config = Envoy_Service_Status_V3_ClientConfig
  private typealias Item = Envoy_Service_Status_V3_ClientConfig.GenericXdsConfig

  let snapshots: FleetSnapshots?
  let includesContents: Bool
  /// How large the contents may still be, in bytes.
  private var room = 64 << 20

  init(snapshots: FleetSnapshots?, includesContents: Bool) {
    self.snapshots = snapshots
    self.includesContents = includesContents
  }

  /// The status of one proxy, which may have several streams; the newest counts where several have a
  /// resource.
  ///
  /// What the fleet should have, of the types that the proxy has asked for, but was on no stream is
  /// `NOT_SENT`.
  ///
  /// - Throws: `RESOURCE_EXHAUSTED` if the contents of all reports get too large.
  mutating func config(of streams: [ProxyConnection]) throws(GRPCStatus)
    -> Envoy_Service_Status_V3_ClientConfig
  {
    var config = Config()
    guard let node = streams.last?.node else { return config }
    config.node = Envoy_Config_Core_V3_Node(node)
    var items: [ResourceKey: Item] = [:]
    for stream in streams {
      for (type, standing) in stream.types { try add(type, standing, of: stream, to: &items) }
    }
    for type in Set(streams.flatMap(\.types.keys)) {
      addUnsent(type, to: streams, fleet: node.fleet, &items)
    }
    config.genericXdsConfigs = items.sorted { $0.key < $1.key }.map(\.value)
    return config
  }

  private mutating func add(
    _ type: ResourceType,
    _ standing: ProxyStanding,
    of stream: ProxyConnection,
    to items: inout [ResourceKey: Item]
  ) throws(GRPCStatus) {
    let isCurrent = stream.progress[type] == .current
    let refused = isCurrent ? [] : standing.refusedNames
    let status = isCurrent ? .synced : standing.status
    for (name, resource) in stream.sent[type] ?? [:] {
      var item = Item(resource.key, refused.contains(name) ? .error : status)
      try fill(&item, from: resource)
      if refused.contains(name) { item.note(standing.rejection) }
      items[resource.key] = item
    }
    for name in refused {
      let key = ResourceKey(type, name)
      if items[key] != nil { continue }
      var item = Item(key, .error)
      item.note(standing.rejection)
      items[key] = item
    }
  }

  private func addUnsent(
    _ type: ResourceType,
    to streams: [ProxyConnection],
    fleet: String,
    _ items: inout [ResourceKey: Item]
  ) {
    guard let set = snapshots?[fleet][type] else { return }
    for name in type == .routes ? streams.namedRoutes : Set(set.byName.keys) {
      let key = ResourceKey(type, name)
      if set[name] != nil, items[key] == nil { items[key] = Item(key, .notSent) }
    }
  }

  /// Secrets are left out: who asks need not be the proxy that may have them.
  private mutating func fill(_ item: inout Item, from resource: Resource) throws(GRPCStatus) {
    item.versionInfo = "\(resource.version)"
    guard includesContents, resource.type != .secret else { return }
    room -= resource.envelope.count
    guard room >= 0 else {
      throw GRPCStatus(
        .resourceExhausted,
        "The contents are over 64 MiB: set exclude_resource_contents or node_matchers."
      )
    }
    // The envelope is the field of this message.
    let envelope = try? Envoy_Service_Discovery_V3_DiscoveryResponse(
      serializedBytes: resource.envelope
    )
    if let content = envelope?.resources.first { item.xdsConfig = content }
  }
}

extension [ProxyConnection] {
  /// The route configurations that their listeners name: of each gateway there are two, for streams
  /// of different kinds.
  fileprivate var namedRoutes: Set<String> {
    let needs = flatMap { stream in stream.sent[.listener]?.values.flatMap(\.needs) ?? [] }
    return Set(needs.filter { $0.type == .routes }.map(\.name))
  }
}

extension ProxyStanding {
  /// The names of the last refused response, unless a newer one was taken.
  fileprivate var refusedNames: Set<String> {
    guard let rejection, rejection.revision >= acked ?? 0 else { return [] }
    return Set(rejection.names)
  }

  fileprivate var status: Envoy_Service_Status_V3_ConfigStatus {
    // What the proxy had when it connected was not sent, but it has it.
    guard let sent else { return .synced }
    // A refusal answers too: what it does not name was taken before.
    let answered = max(acked ?? 0, rejection?.revision ?? 0)
    return answered >= sent ? .synced : .stale
  }
}

extension Envoy_Service_Status_V3_ClientConfig.GenericXdsConfig {
  fileprivate init(_ key: ResourceKey, _ status: Envoy_Service_Status_V3_ConfigStatus) {
    self.init()
    typeURL = key.type.url
    name = key.name
    configStatus = status
  }

  fileprivate mutating func note(_ rejection: ProxyRejection?) {
    errorState.details = rejection?.message ?? ""
    errorState.versionInfo = versionInfo
  }
}

extension Envoy_Config_Core_V3_Node {
  fileprivate init(_ node: ProxyNode) {
    self.init()
    id = node.id
    cluster = node.fleet
    if !node.version.isEmpty { userAgentVersion = node.version }
    guard node.locality != Locality() else { return }
    locality.region = node.locality.region
    locality.zone = node.locality.zone
    locality.subZone = node.locality.subZone
  }
}
