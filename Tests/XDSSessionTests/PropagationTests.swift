import Snapshots
import Testing

@testable import XDSSession

/// How long a change has been on its way: told by the response that carries it, and by its ACK.
struct PropagationTests {
  let start = ContinuousClock.now

  func at(_ second: Int) -> ContinuousClock.Instant { start + .seconds(second) }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `what a client asks for is no change`(dialect: Dialect) {
    var script = Script(dialect, [cluster("a"), endpoints("a")])
    _ = script.ask(.cluster)
    _ = script.ack(.cluster)
    _ = script.post([endpoints("b"), endpoints("c")], committed: at(1))
    _ = script.ask(.endpoints, ["a", "b"])
    _ = script.ack(.endpoints, ["a", "b"])
    #expect(script.commits == [nil, nil])
    #expect(script.arrivals == [])
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `a change is told by its response, and once by the ACK`(dialect: Dialect) {
    var script = Script(dialect, [cluster("a")])
    _ = script.ask(.cluster)
    _ = script.ack(.cluster)
    _ = script.post([cluster("a", "2")], committed: at(1))
    #expect(script.commits == [nil, at(1)])
    #expect(script.arrivals == [])
    _ = script.ack(.cluster)
    _ = script.ack(.cluster)
    #expect(script.arrivals == [Arrival(type: .cluster, committed: at(1))])
  }

  @Test func `a removal is a change`() {
    var script = Script(.delta, [fixedCluster("a")])
    _ = script.ask(.cluster)
    _ = script.ack(.cluster)
    _ = script.post(without: [ResourceKey(.cluster, "a")], committed: at(1))
    #expect(script.commits == [nil, at(1)])
  }

  @Test func `of changes that go together the oldest counts`() {
    var script = Script(.delta, [cluster("a")])
    _ = script.ask(.cluster)
    _ = script.post([cluster("a", "2")], committed: at(1))
    _ = script.post([cluster("a", "3"), cluster("b")], committed: at(2))
    #expect(script.ack(.cluster) == [Sent(.cluster, ["a", "b"])])
    #expect(script.commits == [nil, at(1)])
    _ = script.post([cluster("b", "2")], committed: at(3))
    _ = script.ack(.cluster)
    #expect(script.commits == [nil, at(1), at(3)])
  }

  @Test func `a change that is taken back before it was sent is forgotten`() {
    var script = Script(.delta, [cluster("a")])
    _ = script.ask(.cluster)
    _ = script.post([cluster("a", "2")], committed: at(1))
    _ = script.post([cluster("a")], committed: at(2))
    #expect(script.ack(.cluster) == [])
    _ = script.post([cluster("a", "3")], committed: at(3))
    #expect(script.commits == [nil, at(3)])
  }

  @Test func `a change that a client refuses does not arrive`() {
    var script = Script(.delta, [cluster("a")])
    _ = script.ask(.cluster)
    _ = script.ack(.cluster)
    _ = script.post([cluster("a", "2")], committed: at(1))
    _ = script.nack(.cluster)
    #expect(script.arrivals == [])
    _ = script.post([cluster("a", "3")], committed: at(2))
    _ = script.ack(.cluster)
    #expect(script.arrivals == [Arrival(type: .cluster, committed: at(2))])
  }

  @Test func `a route that waits for its cluster has been on its way since its own COMMIT`() {
    var script = Script(.delta, [routes("r")])
    _ = script.ask(.cluster)
    _ = script.ack(.cluster)
    _ = script.ask(.routes, ["r"])
    _ = script.ack(.routes)
    let next = [fixedCluster("a"), routes("r", to: ["a"])]
    #expect(script.post(next, committed: at(1)) == [Sent(.cluster, ["a"])])
    #expect(script.post([fixedCluster("b")], committed: at(2)) == [])
    #expect(script.ack(.cluster).contains(Sent(.routes, ["r"])))
    #expect(script.commits == [nil, nil, at(1), at(2), at(1)])
  }
}
