import EnvoyAPI
import GRPCCore
import Snapshots
import SwiftProtobuf
import Testing

@testable import XDSServer

private typealias Request = Envoy_Service_Status_V3_ClientStatusRequest
private typealias Response = Envoy_Service_Status_V3_ClientStatusResponse
private typealias Matcher = Envoy_Type_Matcher_V3_StringMatcher
private typealias Item = Envoy_Service_Status_V3_ClientConfig.GenericXdsConfig

@Suite(.timeLimit(.minutes(5)))
struct ClientStatusTests {
  static let service = "envoy.service.status.v3.ClientStatusDiscoveryService"

  let harness = Harness()
  let clusters = ResourceType.cluster.url

  private func fetch(
    _ change: (inout Request) -> Void = { _ in }
  ) async throws -> [Envoy_Service_Status_V3_ClientConfig] {
    var request = Request()
    change(&request)
    let response: Response = try await harness.call(Self.service, "FetchClientStatus", request)
    return response.config
  }

  /// A proxy that asks for one type, and for something else to show that its answer was seen.
  private func withProxy(
    askingFor type: ResourceType = .cluster,
    answering answer: @Sendable @escaping (inout DeltaRequest) -> Void,
    _ body: @Sendable @escaping () async throws -> Void
  ) async throws {
    try await harness.withDelta { wire in
      wire.send {
        $0.node.id = "n"
        $0.node.cluster = "east"
        $0.node.userAgentVersion = "1.40.0"
        $0.node.locality.zone = "z"
        $0.typeURL = type.url
      }
      let nonce = try #require(try await wire.next()).nonce
      wire.send {
        $0.typeURL = type.url
        $0.responseNonce = nonce
        answer(&$0)
      }
      wire.send { $0.typeURL = "type.googleapis.com/x.Y" }
      _ = try await wire.next()
      try await body()
    }
  }

  @Test func `a resource that a proxy took is SYNCED, with its content and version`() async throws {
    harness.post(1, [cluster("a")])
    try await withProxy(answering: { _ in }) {
      let config = try #require(try await fetch().first)
      #expect(config.node.id == "n")
      #expect(config.node.cluster == "east")
      #expect(config.node.userAgentVersion == "1.40.0")
      #expect(config.node.locality.zone == "z")
      let item = try #require(config.genericXdsConfigs.first)
      #expect(config.genericXdsConfigs.count == 1)
      #expect(item.typeURL == clusters)
      #expect(item.name == "a")
      #expect(item.versionInfo == "\(cluster("a").version)")
      #expect(item.xdsConfig.typeURL == clusters)
      #expect(Array(item.xdsConfig.value) == Array("1".utf8))
      #expect(item.configStatus == .synced)
      #expect(!item.hasErrorState)
    }
    #expect(try await fetch().isEmpty)
  }

  @Test func `a resource that a proxy refused is an ERROR, with the proxy's words`() async throws {
    harness.post(1, [cluster("a")])
    try await withProxy(answering: { $0.errorDetail.message = "no" }) {
      let item = try #require(try await fetch().first?.genericXdsConfigs.first)
      #expect(item.configStatus == .error)
      #expect(item.errorState.details == "no")
      #expect(item.errorState.versionInfo == "\(cluster("a").version)")
    }
  }

  @Test func `a resource is STALE until its response is answered, and NOT_SENT before it is sent`()
    async throws
  {
    let listeners = ["a", "b"].map { Resource(ResourceKey(.listener, $0), body: [1]) }
    harness.post(1, [listeners[0]])
    try await withProxy(askingFor: .listener, answering: { $0.responseNonce = "" }) {
      harness.post(2, listeners)
      let items = try #require(try await fetch().first).genericXdsConfigs
      #expect(items.map(\.name) == ["a", "b"])
      #expect(items.map(\.configStatus) == [.stale, .notSent])
      #expect(items.map(\.hasXdsConfig) == [true, false])
    }
  }

  @Test func `what a proxy has is SYNCED although it refused something else`() async throws {
    harness.post(1, [cluster("a")])
    try await harness.withDelta { [clusters] wire in
      wire.send {
        $0.node.id = "n"
        $0.typeURL = clusters
      }
      let first = try #require(try await wire.next()).nonce
      wire.send {
        $0.typeURL = clusters
        $0.responseNonce = first
      }
      harness.post(2, [cluster("a"), cluster("b")])
      let second = try #require(try await wire.next()).nonce
      wire.send {
        $0.typeURL = clusters
        $0.responseNonce = second
        $0.errorDetail.message = "no"
      }
      wire.send { $0.typeURL = "type.googleapis.com/x.Y" }
      _ = try await wire.next()
      let items = try #require(try await fetch().first).genericXdsConfigs
      #expect(items.map(\.name) == ["a", "b"])
      #expect(items.map(\.configStatus) == [.synced, .error])
    }
  }

  @Test func `contents are left out where they are not wanted`() async throws {
    harness.post(1, [cluster("a")])
    try await withProxy(answering: { _ in }) {
      let config = try await fetch { $0.excludeResourceContents = true }.first
      #expect(config?.genericXdsConfigs.map(\.hasXdsConfig) == [false])
      #expect(config?.genericXdsConfigs.map(\.versionInfo) == ["\(cluster("a").version)"])
    }
  }

  @Test func `the contents of secrets are never told`() async throws {
    harness.post(1, [Resource(ResourceKey(.secret, "s"), body: [1])])
    try await harness.withDelta { wire in
      wire.send {
        $0.node.id = "n"
        $0.typeURL = ResourceType.secret.url
        $0.resourceNamesSubscribe = ["s"]
      }
      _ = try await wire.next()
      let items = try #require(try await fetch().first).genericXdsConfigs
      #expect(items.map(\.name) == ["s"])
      #expect(items.map(\.hasXdsConfig) == [false])
    }
  }

  @Test func `the streams of one proxy are one client`() async throws {
    harness.post(1, [cluster("a"), Resource(ResourceKey(.listener, "l"), body: [1])])
    try await withProxy(answering: { _ in }) {
      try await harness.withWhole { wire in
        wire.send {
          $0.node.id = "n"
          $0.typeURL = ResourceType.listener.url
        }
        _ = try await wire.next()
        let configs = try await fetch()
        #expect(configs.map { $0.genericXdsConfigs.map(\.name) } == [["a", "l"]])
        #expect(configs.map { $0.genericXdsConfigs.map(\.configStatus) } == [[.synced, .stale]])
      }
    }
  }

  @Test func `each request of a stream is answered, until the server stops`() async throws {
    harness.post(1, [cluster("a")])
    try await harness.withStream(Self.service, "StreamClientStatus") {
      [harness] (wire: Wire<Request, Response>) async throws in
      wire.send { _ in }
      #expect(try await wire.next()?.config.isEmpty == true)
      try await withProxy(answering: { _ in }) {
        wire.send { _ in }
        let ids = try await wire.next()?.config.map(\.node.id)
        #expect(ids == ["n"])
      }
      harness.services.drain()
      let error = await #expect(throws: RPCError.self) { _ = try await wire.next() }
      #expect(error?.code == .unavailable)
    }
  }

  @Test func `matchers choose the proxies, by any of them`() async throws {
    harness.post(1, [])
    for id in ["east-1", "east-2", "west-1"] { _ = harness.proxies.open(node(id)) }
    let ids = try await fetch {
      $0.nodeMatchers = [
        .with { $0.nodeID.exact = "east-2" }, .with { $0.nodeID.prefix = "west" },
      ]
    }.map(\.node.id)
    #expect(ids == ["east-2", "west-1"])
    #expect(try await fetch { $0.nodeMatchers = [.init()] }.count == 3)
  }

  @Test func `what cannot be matched is refused`() async throws {
    let bad: [Envoy_Type_Matcher_V3_NodeMatcher] = [
      .with { $0.nodeMetadatas = [.init()] },
      .with { $0.nodeID = .init() },
      .with { $0.nodeID.safeRegex.regex = "(" },
    ]
    for matcher in bad {
      let error = await #expect(throws: RPCError.self) {
        _ = try await fetch { $0.nodeMatchers = [matcher] }
      }
      #expect(error?.code == .invalidArgument)
    }
  }

  private func node(_ id: String) -> ProxyNode { ProxyNode(id: id, fleet: "", version: "") }
}

struct NodeFilterTests {
  private func matches(_ id: String, _ change: (inout Matcher) -> Void) throws -> Bool {
    var matcher = Matcher()
    change(&matcher)
    return try NodeFilter([.with { $0.nodeID = matcher }]).includes(id)
  }

  @Test func `a node id is matched as the matcher says`() throws {
    #expect(try matches("east-1") { $0.exact = "east-1" })
    #expect(try !matches("east-1") { $0.exact = "east" })
    #expect(try matches("east-1") { $0.prefix = "east" })
    #expect(try !matches("east-1") { $0.prefix = "1" })
    #expect(try matches("east-1") { $0.suffix = "1" })
    #expect(try !matches("east-1") { $0.suffix = "east" })
    #expect(try matches("east-1") { $0.contains = "t-" })
    #expect(try !matches("east-1") { $0.contains = "w" })
    #expect(try matches("east-1") { $0.safeRegex.regex = "[a-z]+-[0-9]" })
    #expect(try !matches("east-1") { $0.safeRegex.regex = "[a-z]+" })
  }

  @Test func `letters of either case match where case is ignored, but in a regex`() throws {
    #expect(try !matches("East-1") { $0.exact = "eAst-1" })
    for change: (inout Matcher) -> Void in [
      { $0.exact = "eAst-1" }, { $0.prefix = "eA" }, { $0.suffix = "T-1" }, { $0.contains = "St" },
    ] {
      let isMatch = try matches("East-1") {
        change(&$0)
        $0.ignoreCase = true
      }
      #expect(isMatch)
    }
    let isMatch = try matches("East-1") {
      $0.safeRegex.regex = "east-1"
      $0.ignoreCase = true
    }
    #expect(!isMatch)
  }
}
