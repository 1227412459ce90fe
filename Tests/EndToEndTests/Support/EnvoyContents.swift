import AsyncHTTPClient
import Foundation

/// What a proxy was given and serves, by the names of the resources.
struct EnvoyContents: Hashable, Sendable {
  var listeners: Set<String>
  var clusters: Set<String>
}

extension Envoy {
  /// What its admin page says that it has from its control plane.
  func contents() async throws -> EnvoyContents {
    let text = try await get("/config_dump").text
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let sections = try decoder.decode(ConfigDump.self, from: Data(text.utf8)).configs
    return EnvoyContents(
      listeners: Set(sections.flatMap { $0.dynamicListeners ?? [] }.filter(\.isActive).map(\.name)),
      clusters: Set(sections.flatMap { $0.dynamicActiveClusters ?? [] }.map(\.cluster.name))
    )
  }

  /// Waits until its control plane has given it these gateways, and these services for them.
  func has(gateways: [String], services: Set<String>) async throws {
    try await eventually("\(adminPort) has \(gateways) and \(services)") {
      try await contents()
    } until: { contents in
      let listening = contents.listeners.map { $0.prefix { $0 != "/" } }.sorted()
      return listening.elementsEqual(gateways.sorted(), by: ==) && contents.clusters == services
    }
  }
}

/// The part of Envoy's `/config_dump` that is read here.
private struct ConfigDump: Decodable {
  struct Section: Decodable {
    var dynamicListeners: [Listener]?
    var dynamicActiveClusters: [Cluster]?
  }

  struct Named: Decodable { var name: String }

  struct Listener: Decodable {
    var name: String
    private var activeState: State?

    /// One that was refused is listed too, with the reason only.
    var isActive: Bool { activeState != nil }

    private struct State: Decodable {}
  }

  struct Cluster: Decodable { var cluster: Named }

  var configs: [Section]
}
