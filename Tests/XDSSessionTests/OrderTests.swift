import HashTreeCollections
import Snapshots
import Testing

@testable import XDSSession

/// Make before break.
struct OrderTests {
  /// A client of either dialect that has and acked all of a small gateway.
  func connected(_ dialect: Dialect, _ more: [Resource] = []) -> Script {
    let all =
      [cluster("a"), endpoints("a"), listener("l", routes: "r"), routes("r", to: ["a"])] + more
    var script = Script(dialect, all)
    _ = script.ask(.cluster)
    _ = script.ask(.endpoints, script.names(.endpoints))
    _ = script.ack(.endpoints, script.names(.endpoints))
    _ = script.ack(.cluster)
    _ = script.ask(.listener)
    _ = script.ask(.routes, ["r"])
    _ = script.ack(.listener)
    _ = script.ack(.routes, ["r"])
    return script
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X20: a flush goes out in the order of the types`(dialect: Dialect) {
    var script = connected(dialect)
    let change = [
      cluster("a", "2"), endpoints("a", "2"), listener("l", "2", routes: "r"),
      routes("r", to: ["a"], "2"),
    ]
    #expect(
      script.post(change) == [
        Sent(.cluster, ["a"]), Sent(.endpoints, ["a"]), Sent(.listener, ["l"]),
        Sent(.routes, ["r"]),
      ]
    )
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X20: a cluster is withdrawn when the routes without it are acked`(dialect: Dialect) {
    var script = connected(dialect, [cluster("b"), endpoints("b")])
    let gone = [ResourceKey(.cluster, "a"), ResourceKey(.endpoints, "a")]
    #expect(script.post([routes("r", to: ["b"])], without: gone) == [Sent(.routes, ["r"])])
    #expect(
      script.ack(.routes, ["r"]) == [
        dialect == .delta
          ? Sent(.cluster, removed: ["a"]) : Sent(.cluster, ["b"])
      ]
    )
  }

  @Test func `X20: routes that are refused keep their former clusters`() {
    var script = connected(.delta, [cluster("b"), endpoints("b")])
    _ = script.post([routes("r", to: ["b"])], without: [ResourceKey(.cluster, "a")])
    #expect(script.nack(.routes) == [])
    _ = script.post([routes("r", to: ["b"], "2")])
    #expect(script.ack(.routes) == [Sent(.cluster, removed: ["a"])])
  }

  @Test func `X20: routes that were refused alone keep no clusters once they are replaced`() {
    let more = ["b", "c"].map { fixedCluster($0) }
    var script = connected(.delta, more)
    _ = script.post([routes("r", to: ["b"])])
    _ = script.nack(.routes)
    #expect(
      script.post([routes("r", to: ["c"])], without: [ResourceKey(.cluster, "b")])
        == [Sent(.routes, ["r"])]
    )
    #expect(script.nack(.routes) == [Sent(.cluster, removed: ["b"])])
    _ = script.ack(.cluster)
    // The last routes that the client took go to `a`.
    #expect(script.post(without: [ResourceKey(.cluster, "a")]) == [])
    _ = script.post([routes("r", to: ["c"], "2")])
    #expect(script.ack(.routes) == [Sent(.cluster, removed: ["a"])])
  }

  @Test func `X20: of what was refused again and again a few versions are kept`() {
    var holdings = Holdings()
    let versions = (1...100).map { listener("l", "\($0)") }
    var forgotten: [Resource] = []
    for version in versions + versions.suffix(1) {
      if let resource = holdings.keep(version) { forgotten.append(resource) }
    }
    let kept = holdings.takeFormer("l").map(\.version)
    #expect(kept.first == versions.first?.version)
    #expect(kept.last == versions.last?.version)
    #expect(kept.count + forgotten.count == 101)
    #expect(kept.count == 4)
  }

  @Test func `X20: a cluster that comes back while it is withheld is not sent`() {
    var script = connected(.delta, [cluster("b"), endpoints("b")])
    _ = script.post([routes("r", to: ["b"])], without: [ResourceKey(.cluster, "a")])
    #expect(script.post([cluster("a")]) == [])
    #expect(script.ack(.routes) == [])
  }

  @Test func `X20: state of the world gets the union of old and new clusters first`() {
    var script = connected(.stateOfTheWorld)
    let change = [cluster("b"), endpoints("b"), routes("r", to: ["b"])]
    #expect(
      script.post(change, without: [ResourceKey(.cluster, "a")]) == [Sent(.cluster, ["a", "b"])]
    )
    #expect(
      script.want(.endpoints, ["a", "b"]) == [Sent(.endpoints, ["b"]), Sent(.routes, ["r"])]
    )
    #expect(script.ack(.routes, ["r"]) == [])
    #expect(script.ack(.cluster) == [Sent(.cluster, ["b"])])
  }

  @Test func `X20: an assignment is withdrawn only after its cluster`() {
    var script = Script(.delta, [cluster("a"), endpoints("a")])
    _ = script.subscribe(.cluster)
    _ = script.subscribe(.endpoints, ["a"])
    _ = script.ack(.endpoints)
    _ = script.ack(.cluster)
    let gone = [ResourceKey(.cluster, "a"), ResourceKey(.endpoints, "a")]
    #expect(script.post(without: gone) == [Sent(.cluster, removed: ["a"])])
    #expect(script.ack(.cluster) == [Sent(.endpoints, removed: ["a"])])
  }

  @Test func `X20: a cluster is withdrawn when the client drops the routes that need it`() {
    var script = connected(.delta)
    let gone = [ResourceKey(.cluster, "a"), ResourceKey(.routes, "r"), ResourceKey(.listener, "l")]
    #expect(script.post(without: gone) == [Sent(.listener, removed: ["l"])])
    #expect(script.unsubscribe(.routes, ["r"]) == [Sent(.cluster, removed: ["a"])])
  }

  @Test func `X20: the clusters of a draining listener stay until the client drops its routes`() {
    var script = connected(.delta)
    let gone = [ResourceKey(.cluster, "a"), ResourceKey(.routes, "r"), ResourceKey(.listener, "l")]
    _ = script.post(without: gone)
    #expect(script.ack(.listener) == [Sent(.routes, removed: ["r"])])
    #expect(script.ack(.routes) == [])
    #expect(script.unsubscribe(.routes, ["r"]) == [Sent(.cluster, removed: ["a"])])
  }

  @Test func `X20: the clusters of routes that come back are those of the new routes`() {
    var script = connected(.delta, [cluster("b"), endpoints("b")])
    let gone = [ResourceKey(.cluster, "a"), ResourceKey(.routes, "r"), ResourceKey(.listener, "l")]
    _ = script.post(without: gone)
    _ = script.ack(.listener)
    _ = script.ack(.routes)
    #expect(
      script.post([listener("l", routes: "r"), routes("r", to: ["b"])])
        == [Sent(.listener, ["l"]), Sent(.routes, ["r"])]
    )
    #expect(script.ack(.routes) == [Sent(.cluster, removed: ["a"])])
  }

  @Test(arguments: [ResourceType.listener, .virtualHost])
  func `X20: additions and removals of one change are in one response`(type: ResourceType) {
    var script = Script(.delta, [listener("old"), virtualHost("old")])
    _ = script.subscribe(type)
    _ = script.ack(type)
    let new = type == .listener ? listener("new") : virtualHost("new")
    #expect(
      script.post([new], without: [ResourceKey(type, "old")])
        == [Sent(type, ["new"], removed: ["old"])]
    )
  }

  @Test func `X20: a removal waits for the addition that is held`() {
    var script = Script(.delta, [virtualHost("old")])
    _ = script.subscribe(.cluster)
    _ = script.ack(.cluster)
    _ = script.subscribe(.virtualHost)
    _ = script.ack(.virtualHost)
    #expect(
      script.post(
        [fixedCluster("b"), virtualHost("new", to: ["b"])],
        without: [ResourceKey(.virtualHost, "old")]
      ) == [Sent(.cluster, ["b"])]
    )
    #expect(script.ack(.cluster) == [Sent(.virtualHost, ["new"], removed: ["old"])])
  }

  @Test func `X24: the answer to a response is one to those before it in state of the world`() {
    var script = connected(.stateOfTheWorld)
    _ = script.post([fixedCluster("b")])
    _ = script.post([fixedCluster("c")])
    #expect(script.firePush() == [Sent(.cluster, ["a", "b", "c"])])
    #expect(script.post([routes("r", to: ["b"])]) == [])
    // While Envoy warms a cluster it keeps only the last of the ACKs that it owes.
    #expect(script.ack(.cluster) == [Sent(.routes, ["r"])])
    #expect(script.ack(.routes, ["r"]) == [])
    #expect(script.session.standings[.cluster]?.acked == script.revision)
    #expect(script.post([fixedCluster("d")]) == [Sent(.cluster, ["a", "b", "c", "d"])])
  }

  @Test func `X17: the refusal of a response makes those before it uncertain, and holds but once`()
  {
    var script = connected(.stateOfTheWorld)
    _ = script.post([fixedCluster("b")])
    _ = script.post([fixedCluster("c")])
    _ = script.firePush()
    #expect(script.post([routes("r", to: ["b"])]) == [])
    #expect(script.nack(.cluster) == [])
    #expect(script.outcomes.count { if case .rejected = $0 { true } else { false } } == 1)
    // Whether the client took the response with `b` is not known: the wait for it ends in time.
    #expect(script.fireHold() == [Sent(.routes, ["r"])])
    #expect(script.post([fixedCluster("c", "2")]) == [Sent(.cluster, ["a", "b", "c"])])
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X13: an assignment follows its changed cluster in the same flush`(dialect: Dialect) {
    var script = connected(dialect)
    #expect(
      script.post([cluster("a", "2")]) == [Sent(.cluster, ["a"]), Sent(.endpoints, ["a"])]
    )
  }

  @Test func `X13: an assignment follows its cluster though an ACK is awaited`() {
    var script = connected(.delta)
    _ = script.post([endpoints("a", "2")])
    #expect(
      script.post([cluster("a", "2")]) == [Sent(.cluster, ["a"]), Sent(.endpoints, ["a"])]
    )
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X13: a new cluster's assignment is sent when asked`(dialect: Dialect) {
    var script = connected(dialect)
    let all = dialect == .delta ? ["b"] : ["a", "b"]
    #expect(
      script.post([cluster("b"), endpoints("b")])
        == [Sent(.cluster, dialect == .delta ? ["b"] : ["a", "b"])]
    )
    #expect(script.ask(.endpoints, all) == [Sent(.endpoints, ["b"])])
  }

  @Test func `X13: a stream that never asked for assignments gets none`() {
    var script = Script(.delta, [cluster("a"), endpoints("a")])
    _ = script.subscribe(.cluster)
    _ = script.ack(.cluster)
    #expect(script.post([cluster("a", "2")]) == [Sent(.cluster, ["a"])])
  }
}

extension Script {
  func names(_ type: ResourceType) -> [String] { current[type].byName.keys.sorted() }
}
