import Snapshots
import Testing

@testable import XDSSession

/// X21: what needs a cluster waits until it is ready.
struct HoldTests {
  @Test func `X21: a cluster is not made ready by being told that its assignment is gone`() {
    var script = Script(.delta, [cluster("a"), endpoints("a"), listener("l", routes: "r")])
    _ = script.subscribe(.cluster)
    _ = script.subscribe(.endpoints, ["a"])
    _ = script.ack(.cluster)
    _ = script.ack(.endpoints)
    #expect(script.post([cluster("new"), endpoints("new")]) == [Sent(.cluster, ["new"])])
    let gone = [ResourceKey(.endpoints, "new")]
    #expect(script.post([fixedCluster("new", "2")], without: gone) == [])

    #expect(script.subscribe(.endpoints, ["new"]) == [Sent(.cluster, ["new"])])
  }

  func connected(_ dialect: Dialect = .delta) -> Script {
    let all = [
      fixedCluster("a"), endpoints("a"), routes("r", to: ["a"]), routes("s", to: ["a"]),
    ]
    var script = Script(dialect, all)
    _ = script.ask(.cluster)
    _ = script.ack(.cluster)
    _ = script.ask(.endpoints, ["a"])
    _ = script.ack(.endpoints, ["a"])
    _ = script.ask(.routes, ["r", "s"])
    _ = script.ack(.routes, ["r", "s"])
    return script
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X21: routes wait for the ACK of a new cluster`(dialect: Dialect) {
    var script = connected(dialect)
    let response = Sent(.cluster, dialect == .delta ? ["b"] : ["a", "b"])
    #expect(script.post([fixedCluster("b"), routes("r", to: ["b"])]) == [response])
    #expect(script.ack(.cluster) == [Sent(.routes, ["r"])])
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X21: routes wait only for the assignment of a cluster without health checks`(
    dialect: Dialect
  ) {
    var script = connected(dialect)
    _ = script.post([cluster("b"), endpoints("b"), routes("r", to: ["b"])])
    #expect(
      script.ask(.endpoints, dialect == .delta ? ["b"] : ["a", "b"])
        == [Sent(.endpoints, ["b"]), Sent(.routes, ["r"])]
    )
  }

  @Test func `X21: the assignment of a cluster with health checks does not make it ready`() {
    var script = connected()
    _ = script.post([
      cluster("b", warmsBeyondAssignment: true), endpoints("b"), routes("r", to: ["b"]),
    ])
    #expect(script.subscribe(.endpoints, ["b"]) == [Sent(.endpoints, ["b"])])
    #expect(script.ack(.endpoints) == [])
    #expect(script.ack(.cluster) == [Sent(.routes, ["r"])])
  }

  @Test func `X21: an assignment sent before its cluster does not make it ready`() {
    var script = connected()
    _ = script.subscribe(.endpoints, ["b"])
    _ = script.post([endpoints("b")])
    _ = script.ack(.endpoints)
    // The stream is subscribed to it: it follows the cluster.
    #expect(
      script.post([cluster("b"), routes("r", to: ["b"])]) == [
        Sent(.cluster, ["b"]), Sent(.endpoints, ["b"]), Sent(.routes, ["r"]),
      ]
    )
  }

  @Test func `X21: only what needs the cluster waits`() {
    var script = connected()
    #expect(
      script.post([fixedCluster("b"), routes("r", to: ["b"]), routes("s", to: ["a"], "2")])
        == [Sent(.cluster, ["b"]), Sent(.routes, ["s"])]
    )
  }

  @Test func `X21: a changed cluster that the client has is ready`() {
    var script = connected()
    #expect(
      script.post([fixedCluster("a", "2"), routes("r", to: ["a"], "2")])
        == [Sent(.cluster, ["a"]), Sent(.routes, ["r"])]
    )
  }

  @Test func `X21: a stream without clusters never waits`() {
    var script = Script(.delta, [cluster("a"), routes("r", to: ["a"])])
    #expect(script.subscribe(.routes, ["r"]) == [Sent(.routes, ["r"])])
    _ = script.ack(.routes)
    #expect(script.post([cluster("b"), routes("r", to: ["b"])]) == [Sent(.routes, ["r"])])
    #expect(script.timers == [])
  }

  @Test func `X21: a first answer is held too`() {
    var script = Script(.delta, [fixedCluster("a"), routes("r", to: ["a"])])
    _ = script.subscribe(.cluster)
    #expect(script.subscribe(.routes, ["r"]) == [])
    #expect(script.ack(.cluster) == [Sent(.routes, ["r"])])
  }

  @Test func `X21: a hold ends when the timer fires`() {
    var script = connected()
    _ = script.post([fixedCluster("b"), routes("r", to: ["b"])])
    #expect(script.timers.count == 1)
    #expect(script.fireHold() == [Sent(.routes, ["r"])])
  }

  @Test func `X21: a hold ends when newer content does not need the cluster`() {
    var script = connected()
    _ = script.post([fixedCluster("b"), routes("r", to: ["b"])])
    #expect(script.post([routes("r", to: ["a"], "2")]) == [Sent(.routes, ["r"])])
  }

  @Test func `X21: a rejected cluster holds until its content changes`() {
    var script = connected()
    _ = script.post([fixedCluster("b"), routes("r", to: ["b"])])
    #expect(script.nack(.cluster) == [])
    #expect(script.fireHold() == [])
    #expect(script.post([routes("s", to: ["a"], "2")]) == [Sent(.routes, ["s"])])
    _ = script.ack(.routes)
    #expect(script.post([fixedCluster("b", "2")]) == [Sent(.cluster, ["b"])])
    #expect(script.ack(.cluster) == [Sent(.routes, ["r"])])
  }

  @Test func `X20: the clusters of the last good routes stay while new ones are held`() {
    var script = connected()
    #expect(
      script.post(
        [fixedCluster("b"), routes("r", to: ["b"]), routes("s", to: ["b"])],
        without: [ResourceKey(.cluster, "a")]
      ) == [Sent(.cluster, ["b"])]
    )
    #expect(script.nack(.cluster) == [])
    #expect(script.post([endpoints("a", "2")]) == [Sent(.endpoints, ["a"])])
    #expect(script.session.channel(of: .cluster) { $0.holdings["a"] != nil } == true)
  }

  @Test func `X21: routes wait for a cluster that waits for the ACK of others`() {
    var script = connected()
    _ = script.post([fixedCluster("b")])
    #expect(script.post([fixedCluster("c"), routes("r", to: ["c"])]) == [])
    #expect(script.firePush() == [Sent(.cluster, ["c"])])
    #expect(script.ack(.cluster) == [Sent(.routes, ["r"])])
  }

  @Test func `X21: a hold outlives the cluster's removal and return`() {
    var script = connected()
    _ = script.post([fixedCluster("b")])
    _ = script.ack(.cluster)
    _ = script.post(without: [ResourceKey(.cluster, "b")])
    #expect(script.post([fixedCluster("b"), routes("r", to: ["b"])]) == [])
    #expect(script.ack(.cluster) == [Sent(.cluster, ["b"])])
    #expect(script.ack(.cluster) == [Sent(.routes, ["r"])])
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X21: a new listener waits for the clusters of its routes, and what it replaces stays`(
    dialect: Dialect
  ) {
    var script = Script(dialect, [fixedCluster("a"), listener("l", routes: "r"), routes("r")])
    _ = script.ask(.cluster)
    _ = script.ack(.cluster)
    _ = script.ask(.listener)
    _ = script.ack(.listener)
    _ = script.ask(.routes, ["r"])
    _ = script.ack(.routes, ["r"])
    let change = [fixedCluster("b"), listener("m", routes: "s"), routes("s", to: ["b"])]
    let union = Sent(.cluster, dialect == .delta ? ["b"] : ["a", "b"])
    #expect(script.post(change, without: [ResourceKey(.listener, "l")]) == [union])
    let removed = dialect == .delta ? ["l"] : []
    #expect(script.ack(.cluster) == [Sent(.listener, ["m"], removed: removed)])
  }

  @Test func `X21: a listener whose routes the client has waits for nothing`() {
    var script = connected()
    _ = script.subscribe(.listener)
    _ = script.ack(.listener)
    #expect(
      script.post([fixedCluster("b"), listener("l", routes: "r"), routes("r", to: ["b"])])
        == [Sent(.cluster, ["b"]), Sent(.listener, ["l"])]
    )
  }
}
