import Snapshots
import Testing

@testable import XDSSession

/// X29: virtual hosts that are resources of their own.
struct VirtualHostTests {
  /// A gateway with two virtual hosts.
  static let gateway = [
    fixedCluster("a"), listener("l", routes: "r"), hostwiseRoutes("r"),
    virtualHost("r/x", to: ["a"]), virtualHost("r/y", to: ["a"]),
  ]

  /// A client that has and acked all of it.
  func connected(_ more: [Resource] = []) -> Script {
    var script = Script(.delta, Self.gateway + more)
    _ = script.subscribe(.cluster)
    _ = script.ack(.cluster)
    _ = script.subscribe(.listener)
    _ = script.ack(.listener)
    _ = script.subscribe(.routes, ["r"])
    _ = script.subscribe(.virtualHost)
    _ = script.ack(.routes)
    _ = script.ack(.virtualHost)
    return script
  }

  /// One that connects again, and says that it has what a snapshot has of some types.
  func reconnected(
    _ script: inout Script,
    holding types: [ResourceType] = [.cluster, .listener, .routes, .virtualHost],
    of former: [Resource] = gateway,
    routes: [String] = ["r"]
  ) -> [Sent] {
    let had = snapshot(1, former)
    var sent: [Sent] = []
    for type in [ResourceType.cluster, .listener, .routes, .virtualHost] {
      let holding = types.contains(type) ? had[type].versions : [:]
      sent += script.subscribe(type, type == .routes ? routes : [], holding: holding)
    }
    return sent
  }

  @Test func `X29: a client that asks for virtual hosts gets all of them`() {
    var script = Script(.delta, Self.gateway)
    _ = script.subscribe(.routes, ["r"])
    #expect(script.subscribe(.virtualHost) == [Sent(.virtualHost, ["r/x", "r/y"])])
  }

  @Test func `X29: a virtual host that changes is sent alone`() {
    var script = connected()
    #expect(
      script.post([virtualHost("r/x", to: ["a"], "2")]) == [Sent(.virtualHost, ["r/x"])]
    )
  }

  @Test func `X29: virtual hosts come and go in one response`() {
    var script = connected()
    let gone = [ResourceKey(.virtualHost, "r/y")]
    #expect(
      script.post([virtualHost("r/z")], without: gone)
        == [Sent(.virtualHost, ["r/z"], removed: ["r/y"])]
    )
  }

  @Test func `X29: virtual hosts come after their route configuration, in the same flush`() {
    var script = connected()
    let more = [listener("m", routes: "s"), hostwiseRoutes("s"), virtualHost("s/x", to: ["a"])]
    #expect(script.post(more) == [Sent(.listener, ["m"])])
    #expect(
      script.subscribe(.routes, ["s"]) == [Sent(.routes, ["s"]), Sent(.virtualHost, ["s/x"])]
    )
  }

  @Test func `X29: with a route configuration that is sent again all its virtual hosts are`() {
    var script = connected()
    #expect(
      script.subscribe(.routes, ["r"])
        == [Sent(.routes, ["r"]), Sent(.virtualHost, ["r/x", "r/y"])]
    )
  }

  @Test func `X29: of a route configuration without virtual hosts one is said to be gone`() {
    var script = connected()
    _ = script.post([listener("m", routes: "s"), hostwiseRoutes("s")])
    #expect(
      script.subscribe(.routes, ["s"])
        == [Sent(.routes, ["s"]), Sent(.virtualHost, removed: ["s/*"])]
    )
  }

  @Test func `X29: the first answer says so too`() {
    var script = Script(.delta, [hostwiseRoutes("r")])
    _ = script.subscribe(.routes, ["r"])
    #expect(script.subscribe(.virtualHost) == [Sent(.virtualHost, removed: ["r/*"])])
  }

  @Test func `X21: only the virtual hosts that need a cluster wait for it`() {
    var script = connected()
    #expect(
      script.post([
        fixedCluster("b"), virtualHost("r/x", to: ["b"]), virtualHost("r/y", to: ["a"], "2"),
      ]) == [Sent(.cluster, ["b"]), Sent(.virtualHost, ["r/y"])]
    )
    _ = script.ack(.virtualHost)
    #expect(script.ack(.cluster) == [Sent(.virtualHost, ["r/x"])])
  }

  @Test func `X21: a new listener waits for the clusters of its virtual hosts`() {
    var script = connected()
    #expect(
      script.post([
        fixedCluster("b"), listener("m", routes: "s"), hostwiseRoutes("s"),
        virtualHost("s/x", to: ["b"]),
      ]) == [Sent(.cluster, ["b"])]
    )
    #expect(script.ack(.cluster) == [Sent(.listener, ["m"])])
  }

  @Test func `X21: the first virtual hosts of a route configuration come together`() {
    var script = connected()
    let new = [
      listener("m", routes: "s"), hostwiseRoutes("s"), virtualHost("s/x"), virtualHost("s/y"),
    ]
    _ = script.post(new)
    #expect(
      script.post([fixedCluster("b"), virtualHost("s/x", to: ["b"])]) == [Sent(.cluster, ["b"])]
    )
    #expect(script.subscribe(.routes, ["s"]) == [Sent(.routes, ["s"])])
    #expect(script.session.progress[.virtualHost] == .pending)
    #expect(script.ack(.cluster) == [Sent(.virtualHost, ["s/x", "s/y"])])
  }

  @Test func `X21: a removal waits for what is held of the same route configuration only`() {
    var script = connected([
      listener("m", routes: "s"), hostwiseRoutes("s"), virtualHost("s/x"), virtualHost("s/y"),
    ])
    _ = script.subscribe(.routes, ["s"])
    _ = script.ack(.routes)
    _ = script.ack(.virtualHost)
    let gone = ["r/y", "s/y"].map { ResourceKey(.virtualHost, $0) }
    #expect(
      script.post([fixedCluster("b"), virtualHost("r/x", to: ["b"])], without: gone)
        == [Sent(.cluster, ["b"]), Sent(.virtualHost, removed: ["s/y"])]
    )
    _ = script.ack(.virtualHost)
    #expect(script.ack(.cluster) == [Sent(.virtualHost, ["r/x"], removed: ["r/y"])])
  }

  @Test func `X20: a cluster is withdrawn when the virtual host without it is acked`() {
    var script = connected([fixedCluster("b")])
    #expect(
      script.post([virtualHost("r/x"), virtualHost("r/y")], without: [ResourceKey(.cluster, "a")])
        == [Sent(.virtualHost, ["r/x", "r/y"])]
    )
    #expect(script.ack(.virtualHost) == [Sent(.cluster, removed: ["a"])])
  }

  // A gateway that is gone drains.

  static let keys = gateway.map(\.key)

  @Test func `X29: virtual hosts stay until the client drops their route configuration`() {
    var script = connected()
    #expect(script.post(without: Self.keys) == [Sent(.listener, removed: ["l"])])
    #expect(script.ack(.listener) == [Sent(.routes, removed: ["r"])])
    #expect(script.ack(.routes) == [])
    #expect(script.session.progress.values.allSatisfy { $0 == .current })
    #expect(
      script.unsubscribe(.routes, ["r"]) == [Sent(.virtualHost, removed: ["r/x", "r/y"])]
    )
    #expect(script.ack(.virtualHost) == [Sent(.cluster, removed: ["a"])])
  }

  @Test func `X29: a gateway that comes back while it drains has the new virtual hosts only`() {
    var script = connected()
    _ = script.post(without: Self.keys)
    _ = script.ack(.listener)
    _ = script.ack(.routes)
    #expect(
      script.post([
        fixedCluster("a"), listener("l", routes: "r"), hostwiseRoutes("r"),
        virtualHost("r/x", to: ["a"], "2"),
      ]) == [
        Sent(.listener, ["l"]), Sent(.routes, ["r"]),
        Sent(.virtualHost, ["r/x"], removed: ["r/y"]),
      ]
    )
  }

  @Test func `X29: the virtual hosts of a renamed gateway stay while it drains`() {
    var script = connected()
    let new = [listener("m", routes: "s"), hostwiseRoutes("s"), virtualHost("s/x", to: ["a"])]
    let gone = Self.keys.filter { $0.type > .endpoints }
    #expect(script.post(new, without: gone) == [Sent(.listener, ["m"], removed: ["l"])])
    #expect(
      script.subscribe(.routes, ["s"]) == [Sent(.routes, ["s"]), Sent(.virtualHost, ["s/x"])]
    )
    _ = script.ack(.virtualHost)
    #expect(
      script.unsubscribe(.routes, ["r"]) == [Sent(.virtualHost, removed: ["r/x", "r/y"])]
    )
  }

  // A client that connects again.

  @Test func `X29: a client that has everything is sent nothing`() {
    var script = Script(.delta, Self.gateway)
    #expect(reconnected(&script) == [])
    #expect(script.session.progress.values.allSatisfy { $0 == .current })
  }

  @Test func `X29: a client is sent the virtual hosts that changed while it was away`() {
    let changed = virtualHost("r/x", to: ["a"], "2")
    let kept = Self.gateway.filter { $0.name != "r/x" && $0.name != "r/y" }
    var script = Script(.delta, kept + [changed])
    #expect(reconnected(&script) == [Sent(.virtualHost, ["r/x"], removed: ["r/y"])])
  }

  @Test func `X29: what is said to be held of a route configuration that was not is sent`() {
    var script = Script(.delta, Self.gateway)
    #expect(
      reconnected(&script, holding: [.cluster, .listener, .virtualHost])
        == [Sent(.routes, ["r"]), Sent(.virtualHost, ["r/x", "r/y"])]
    )
  }

  @Test func `X29: virtual hosts of a route configuration that was dropped meanwhile go`() {
    var script = Script(.delta, Self.gateway)
    #expect(
      reconnected(&script, holding: [.cluster, .virtualHost], routes: []).last
        == Sent(.virtualHost, removed: ["r/x", "r/y"])
    )
  }

  @Test func `X29: virtual hosts stay while a gateway drains that was removed meanwhile`() {
    var script = Script(.delta, [fixedCluster("a")])
    let sent = reconnected(&script)
    #expect(!sent.contains { $0.type == "virtualHost" && !$0.removed.isEmpty })
    let dropped = script.unsubscribe(.routes, ["r"])
    #expect(dropped.last == Sent(.virtualHost, removed: ["r/x", "r/y"]))
  }

  @Test func `X20: clusters stay until a client says which virtual hosts it has`() {
    let had = snapshot(1, Self.gateway)
    var script = Script(.delta, Self.gateway)
    _ = script.subscribe(.cluster, holding: had[.cluster].versions)
    _ = script.subscribe(.listener, holding: had[.listener].versions)
    _ = script.subscribe(.routes, ["r"], holding: had[.routes].versions)
    let new = [virtualHost("r/x"), virtualHost("r/y")]
    #expect(script.post(new, without: [ResourceKey(.cluster, "a")]) == [])
    #expect(
      script.subscribe(.virtualHost, holding: had[.virtualHost].versions)
        == [Sent(.virtualHost, ["r/x", "r/y"])]
    )
    #expect(script.ack(.virtualHost) == [Sent(.cluster, removed: ["a"])])
  }

  @Test func `X29: a stream without route configurations and listeners gets all virtual hosts`() {
    var script = Script(.delta, Self.gateway, isAggregated: false)
    #expect(script.subscribe(.virtualHost) == [Sent(.virtualHost, ["r/x", "r/y"])])
  }
}
