import Snapshots
import Testing

@testable import XDSSession

/// What a client says in its first requests of what it has from an earlier stream.
struct ReconnectTests {
  let all = [
    cluster("a"), cluster("b"), endpoints("a"), endpoints("b"), listener("l", routes: "r"),
    routes("r", to: ["a", "b"]),
  ]

  /// Versions of an earlier content.
  func versions(_ resources: Resource...) -> [String: String] {
    Dictionary(uniqueKeysWithValues: resources.map { ($0.name, "\($0.version)") })
  }

  @Test func `X14: a client that holds everything gets no message`() {
    var script = Script(.delta, all)
    let held = script.current
    #expect(script.subscribe(.cluster, holding: held[.cluster].versions) == [])
    #expect(script.subscribe(.endpoints, ["a", "b"], holding: held[.endpoints].versions) == [])
    #expect(script.subscribe(.listener, holding: held[.listener].versions) == [])
    #expect(script.subscribe(.routes, ["r"], holding: held[.routes].versions) == [])
    #expect(script.timers == [])
    #expect(script.session.standings[.routes]?.acked == 1)
    #expect(script.post([endpoints("a", "2")]) == [Sent(.endpoints, ["a"])])
  }

  @Test func `X14: what differs is sent, what equals is not`() {
    var script = Script(.delta, all)
    let holding = versions(cluster("a", "0"), cluster("b"))
    #expect(script.subscribe(.cluster, holding: holding) == [Sent(.cluster, ["a"])])
  }

  @Test func `X14: what no longer exists is removed, in one response with the rest`() {
    var script = Script(.delta, all)
    let holding = versions(cluster("a"), cluster("gone"))
    #expect(script.subscribe(.cluster, holding: holding) == [])
    #expect(script.fire { $0 == .settle } == [Sent(.cluster, ["b"], removed: ["gone"])])
  }

  @Test func `X14: assignments that no longer exist are removed`() {
    var script = Script(.delta, all, isAggregated: false)
    let holding = versions(endpoints("a"), endpoints("gone"))
    #expect(
      script.subscribe(.endpoints, ["a", "gone"], holding: holding)
        == [Sent(.endpoints, removed: ["gone"])]
    )
  }

  @Test func `X14: a first request is answered, with nothing if there is nothing`() {
    var script = Script(.delta)
    #expect(script.subscribe(.cluster) == [Sent(.cluster)])
    #expect(script.subscribe(.listener) == [Sent(.listener)])
    var whole = Script(.stateOfTheWorld)
    #expect(whole.want(.cluster) == [Sent(.cluster)])
    #expect(whole.want(.endpoints, ["x"]) == [Sent(.endpoints)])
  }

  @Test func `X20: a cluster that a reconnected client's old routes use is removed after them`() {
    var script = Script(.delta, all)
    let holding = versions(cluster("a"), cluster("b"), cluster("gone"))
    _ = script.subscribe(.cluster, holding: holding)
    let old = versions(routes("r", to: ["gone"]))
    #expect(script.subscribe(.routes, ["r"], holding: old) == [Sent(.routes, ["r"])])
    #expect(script.fire { $0 == .settle } == [])
    #expect(script.ack(.routes) == [Sent(.cluster, removed: ["gone"])])
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X20: a cluster that goes before a reconnected client has named its routes waits for them`(
    dialect: Dialect
  ) {
    var script = Script(dialect, all)
    let held = script.current
    let version = "\(held[.cluster].fingerprint)"
    let first =
      dialect == .delta
      ? script.subscribe(.cluster, holding: held[.cluster].versions)
      : script.want(.cluster, version: version)
    #expect(first == [])

    let gone = [ResourceKey(.cluster, "b"), ResourceKey(.endpoints, "b")]
    #expect(script.post([routes("r", to: ["a"])], without: gone) == [])

    let again =
      dialect == .delta
      ? script.subscribe(.routes, ["r"], holding: held[.routes].versions)
      : script.want(.routes, ["r"], version: "\(held[.routes].fingerprint)")
    #expect(again == [Sent(.routes, ["r"])])
    let last = dialect == .delta ? Sent(.cluster, removed: ["b"]) : Sent(.cluster, ["a"])
    #expect(script.ack(.routes, ["r"]) == [last])
  }

  @Test func `X20: a cluster goes in the end though a reconnected client names no routes`() {
    var script = Script(.delta, all)
    #expect(script.subscribe(.cluster, holding: script.current[.cluster].versions) == [])
    #expect(script.post(without: [ResourceKey(.cluster, "b")]) == [])
    #expect(script.fire { $0 == .settle } == [Sent(.cluster, removed: ["b"])])
    #expect(script.post(without: [ResourceKey(.cluster, "a")]) == [])
    #expect(script.ack(.cluster) == [Sent(.cluster, removed: ["a"])])
  }

  @Test func `X20: no cluster is removed while a reconnected client's listener drains`() {
    var script = Script(.delta, all)
    _ = script.subscribe(.cluster, holding: versions(cluster("a"), cluster("b"), cluster("gone")))
    let old = versions(routes("r", to: ["a", "b"]), routes("drained", to: ["gone"]))
    #expect(
      script.subscribe(.routes, ["r", "drained"], holding: old)
        == [Sent(.routes, removed: ["drained"])]
    )
    #expect(script.fire { $0 == .settle } == [])
    #expect(script.ack(.routes) == [])
    #expect(script.unsubscribe(.routes, ["drained"]) == [Sent(.cluster, removed: ["gone"])])
  }

  @Test func `X20: so it is if the client took the removal of the routes on an earlier stream`() {
    var script = Script(.delta, all)
    _ = script.subscribe(.cluster, holding: versions(cluster("a"), cluster("b"), cluster("gone")))
    #expect(
      script.subscribe(.routes, ["r", "drained"], holding: versions(routes("r", to: ["a", "b"])))
        == [Sent(.routes, removed: ["drained"])]
    )
    #expect(script.fire { $0 == .settle } == [])
    #expect(script.ack(.routes) == [])
    #expect(script.unsubscribe(.routes, ["drained"]) == [Sent(.cluster, removed: ["gone"])])
  }

  @Test func `X12: a reconnected client's routes wait only for clusters that it has not`() {
    var script = Script(.delta, all)
    _ = script.subscribe(.cluster, holding: versions(cluster("a"), cluster("b", "0")))
    #expect(script.subscribe(.routes, ["r"]) == [Sent(.routes, ["r"])])
    var other = Script(.delta, all)
    _ = other.subscribe(.cluster, holding: versions(cluster("a")))
    #expect(other.subscribe(.routes, ["r"]) == [])
    #expect(other.ack(.cluster) == [Sent(.routes, ["r"])])
  }

  @Test func `X13: an assignment follows its changed cluster though the client holds it`() {
    var script = Script(.delta, all)
    _ = script.subscribe(.cluster, holding: versions(cluster("a", "0"), cluster("b")))
    let held = script.current[.endpoints].versions
    #expect(
      script.subscribe(.endpoints, ["a", "b"], holding: held) == [Sent(.endpoints, ["a"])]
    )
  }

  @Test func `X17: a cluster taken from a rejected response is removed when its client reconnects`()
  {
    var script = Script(.delta, all)
    _ = script.subscribe(.cluster, holding: script.current[.cluster].versions)
    #expect(
      script.subscribe(.endpoints, ["a", "half"], holding: versions(endpoints("a")))
        == [Sent(.cluster, removed: ["half"]), Sent(.endpoints, removed: ["half"])]
    )
  }

  @Test func `X1: the version of a response is the version of a later first request`() throws {
    var script = Script(.stateOfTheWorld, all)
    let answer = script.session.handle(.request(Request(ResourceType.cluster.url, .whole())))
    let version = try #require(answer.responses.first?.version)
    var other = Script(.stateOfTheWorld, all)
    #expect(other.want(.cluster, version: version) == [])
    #expect(other.post([cluster("a", "2")]) == [Sent(.cluster, ["a", "b"])])
  }

  @Test func `X15: the current version and names get no answer until something changes`() {
    var script = Script(.stateOfTheWorld, all)
    let set = script.current
    #expect(script.want(.cluster, version: "\(set[.cluster].fingerprint)") == [])
    #expect(script.want(.endpoints, ["a", "b"], version: "\(set[.endpoints].fingerprint)") == [])
    #expect(script.want(.listener, version: "\(set[.listener].fingerprint)") == [])
    #expect(script.want(.routes, ["r"], version: "\(set[.routes].fingerprint)") == [])
    #expect(script.post([endpoints("b", "2")]) == [Sent(.endpoints, ["b"])])
  }

  @Test func `X15: the current version of other names is answered`() {
    var script = Script(.stateOfTheWorld, all)
    _ = script.want(.cluster, version: "\(script.current[.cluster].fingerprint)")
    #expect(
      script.want(.endpoints, ["a"], version: "\(script.current[.endpoints].fingerprint)")
        == [Sent(.endpoints, ["a"])]
    )
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X15: assignments asked for before clusters are answered in full`(dialect: Dialect) {
    var script = Script(dialect, all)
    #expect(script.resume(.endpoints, ["a", "b"]) == [Sent(.endpoints, ["a", "b"])])
  }

  @Test func `X13: assignments asked for after clusters were sent are answered in full`() {
    var script = Script(.stateOfTheWorld, all)
    #expect(script.want(.cluster, version: "old") == [Sent(.cluster, ["a", "b"])])
    let version = "\(script.current[.endpoints].fingerprint)"
    #expect(
      script.want(.endpoints, ["a", "b"], version: version) == [Sent(.endpoints, ["a", "b"])]
    )
  }

  @Test(.timeLimit(.minutes(5)))
  func `X6: a client that names 100 000 resources gets what differs and nothing else`() {
    let named = (0..<100_000).map { cluster("c\($0)") }
    var script = Script(.delta, named.dropLast(1) + [cluster("c0", "2"), cluster("new")])
    let holding = Dictionary(uniqueKeysWithValues: named.map { ($0.name, "\($0.version)") })
    #expect(script.subscribe(.cluster, holding: holding) == [])
    #expect(
      script.fire { $0 == .settle } == [Sent(.cluster, ["c0", "new"], removed: ["c99999"])]
    )
  }
}

extension Script {
  /// Asks for a type as a client does that has all of it.
  mutating func resume(_ type: ResourceType, _ names: [String] = []) -> [Sent] {
    let set = current[type]
    return dialect == .delta
      ? subscribe(type, names, holding: set.versions)
      : want(type, names, version: "\(set.fingerprint)")
  }
}
