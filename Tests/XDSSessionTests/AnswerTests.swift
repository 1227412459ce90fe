import Snapshots
import Testing

@testable import XDSSession

/// ACKs, NACKs, and what is pushed after them.
struct AnswerTests {
  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X16: an ACK is of the revision whose nonce it carries`(dialect: Dialect) {
    var script = Script(dialect, [cluster("a")])
    _ = script.ask(.cluster)
    #expect(script.session.standings[.cluster] == ProxyStanding(sent: 1))
    _ = script.ack(.cluster)
    #expect(script.outcomes == [.accepted(typeURL: ResourceType.cluster.url, revision: 1)])
    #expect(script.session.standings[.cluster] == ProxyStanding(sent: 1, acked: 1))
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X16: a stale nonce is not an ACK`(dialect: Dialect) {
    var script = Script(dialect, [cluster("a")])
    _ = script.ask(.cluster)
    let stale = script.nonces[.cluster] ?? ""
    _ = script.ack(.cluster)
    _ = script.post([cluster("a", "2")])
    script.outcomes = []
    let want: Request.Want = dialect == .delta ? .change() : .whole()
    _ = script.send(Request(ResourceType.cluster.url, want, nonce: stale))
    #expect(script.outcomes == [])
    #expect(script.post([cluster("a", "3")]) == [])
  }

  @Test func `X16: the subscription of a request with a stale nonce counts in delta`() {
    var script = Script(.delta, [endpoints("a"), endpoints("b")])
    _ = script.subscribe(.endpoints, ["a"])
    let request = Request(
      ResourceType.endpoints.url,
      .change(subscribe: ["b"]),
      nonce: "of another time"
    )
    #expect(script.send(request) == [Sent(.endpoints, ["b"])])
  }

  @Test func `X16: a request with a stale nonce is superseded in state of the world`() {
    var script = Script(.stateOfTheWorld, [endpoints("a"), endpoints("b")])
    _ = script.want(.endpoints, ["a"])
    let request = Request(
      ResourceType.endpoints.url,
      .whole(names: ["a", "b"]),
      nonce: "of another time"
    )
    #expect(script.send(request) == [])
    #expect(script.want(.endpoints, ["a", "b"]) == [Sent(.endpoints, ["b"])])
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X17: a NACK tells revision, names and text`(dialect: Dialect) {
    var script = Script(dialect, [cluster("a"), cluster("b")])
    _ = script.ask(.cluster)
    _ = script.ack(.cluster)
    _ = script.post([cluster("b", "2")])
    script.outcomes = []
    #expect(script.nack(.cluster) == [])
    let rejection = ProxyRejection(revision: 2, names: ["b"], message: "refused")
    #expect(script.outcomes == [.rejected(typeURL: ResourceType.cluster.url, rejection)])
    #expect(
      script.session.standings[.cluster]
        == ProxyStanding(sent: 2, acked: 1, rejection: rejection)
    )
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X17: what was rejected is not sent again by itself`(dialect: Dialect) {
    var script = Script(dialect, [cluster("a"), listener("l")])
    _ = script.ask(.cluster)
    _ = script.ask(.listener)
    #expect(script.nack(.cluster) == [])
    #expect(script.ack(.listener) == [])
    #expect(script.post([listener("l", "2")]) == [Sent(.listener, ["l"])])
    let again = script.session.handle(
      .view(SnapshotBoard.View(posting: 9, snapshot: script.current, changed: nil))
    )
    #expect(again.responses.isEmpty)
  }

  @Test func `X17: rejected names go with the next response of the type`() {
    var script = Script(.delta, [cluster("a"), cluster("b")])
    _ = script.subscribe(.cluster)
    _ = script.ack(.cluster)
    _ = script.post([cluster("a", "2")])
    _ = script.nack(.cluster)
    #expect(script.post([cluster("b", "2")]) == [Sent(.cluster, ["a", "b"])])
    _ = script.ack(.cluster)
    #expect(script.post([cluster("b", "3")]) == [Sent(.cluster, ["b"])])
  }

  @Test func `X17: a rejected name that is gone goes with the next response as removed`() {
    var script = Script(.delta, [cluster("b")])
    _ = script.subscribe(.cluster)
    _ = script.ack(.cluster)
    _ = script.post([cluster("a")])
    _ = script.nack(.cluster)
    #expect(
      script.post([cluster("b", "2")], without: [ResourceKey(.cluster, "a")])
        == [Sent(.cluster, ["b"], removed: ["a"])]
    )
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X17: content that goes back after a NACK is sent`(dialect: Dialect) {
    var script = Script(dialect, [routes("r")])
    _ = script.ask(.routes, ["r"])
    _ = script.ack(.routes, ["r"])
    _ = script.post([routes("r", "2")])
    _ = script.nack(.routes, ["r"])
    #expect(script.post([routes("r")]) == [Sent(.routes, ["r"])])
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X24: a push waits for the ACK of the previous one, and the newest wins`(dialect: Dialect) {
    var script = Script(dialect, [routes("r"), routes("s")])
    _ = script.ask(.routes, ["r", "s"])
    #expect(script.post([routes("r", "2")]) == [])
    #expect(script.post([routes("r", "3")]) == [])
    #expect(script.post([routes("s", "2")]) == [])
    #expect(script.ack(.routes, ["r", "s"]) == [Sent(.routes, ["r", "s"])])
    #expect(script.session.standings[.routes]?.sent == 4)
    #expect(script.ack(.routes, ["r", "s"]) == [])
    #expect(script.session.standings[.routes]?.acked == 4)
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X24: a change taken back while an ACK is awaited sends nothing`(dialect: Dialect) {
    var script = Script(dialect, [routes("r")])
    _ = script.ask(.routes, ["r"])
    _ = script.post([routes("r", "2")])
    _ = script.post([routes("r")])
    #expect(script.ack(.routes, ["r"]) == [])
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X24: clusters wait for an ACK only until the timer fires`(dialect: Dialect) {
    var script = Script(dialect, [fixedCluster("a")])
    _ = script.ask(.cluster)
    #expect(script.post([fixedCluster("a", "2")]) == [])
    #expect(script.post([fixedCluster("a", "3")]) == [])
    #expect(script.timers.count == 1)
    #expect(script.firePush() == [Sent(.cluster, ["a"])])
    #expect(script.post([fixedCluster("a", "4")]) == [])
    #expect(script.timers.count == 1)
  }

  @Test func `X24: a timer that an ACK made superfluous lets nothing through`() {
    var script = Script(.delta, [fixedCluster("a")])
    _ = script.subscribe(.cluster)
    _ = script.post([fixedCluster("a", "2")])
    #expect(script.ack(.cluster) == [Sent(.cluster, ["a"])])
    #expect(script.post([fixedCluster("a", "3")]) == [])
    #expect(script.firePush() == [])
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X1: a revision that changes nothing sends nothing and counts as acked`(dialect: Dialect) {
    var script = Script(dialect, [cluster("a"), listener("l")])
    _ = script.ask(.cluster)
    _ = script.ack(.cluster)
    #expect(script.post([listener("l", "2")]) == [])
    #expect(script.session.standings[.cluster] == ProxyStanding(sent: 1, acked: 2))
  }

  @Test func `X18: a rejection changes nothing for another stream`() {
    let all = [cluster("a"), routes("r")]
    var (one, other) = (Script(.delta, all), Script(.delta, all))
    for type in [ResourceType.cluster, .routes] {
      let names = type == .routes ? ["r"] : []
      #expect(one.subscribe(type, names) == other.subscribe(type, names))
      _ = one.nack(type)
      _ = other.ack(type)
    }
    #expect(other.post([routes("r", "2")]) == [Sent(.routes, ["r"])])
    #expect(other.session.standings[.cluster] == ProxyStanding(sent: 1, acked: 2))
    #expect(one.session.standings[.cluster]?.acked == nil)
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X19: a revision is acked once content of it or of a later one is`(dialect: Dialect) {
    var script = Script(dialect, [routes("r")])
    _ = script.ask(.routes, ["r"])
    #expect(script.session.standings[.routes]?.acked == nil)
    _ = script.post([routes("r", "2")])
    _ = script.post([routes("r", "3")])
    _ = script.ack(.routes, ["r"])
    #expect(script.session.standings[.routes]?.acked == 1)
    _ = script.ack(.routes, ["r"])
    #expect(script.session.standings[.routes]?.acked == 3)
  }

  @Test func `X19: types that were never asked for have no standing`() {
    var script = Script(.delta, [cluster("a"), routes("r")])
    _ = script.subscribe(.cluster)
    _ = script.ack(.cluster)
    #expect(Set(script.session.standings.keys) == [.cluster])
  }

  @Test func `X19: what is held is not acked by a revision that changes something else`() {
    var script = Script(.delta, [fixedCluster("a"), routes("r", to: ["a"])])
    _ = script.subscribe(.cluster)
    #expect(script.subscribe(.routes, ["r"]) == [])
    _ = script.post([endpoints("x")])
    #expect(script.session.standings[.routes]?.acked == nil)
  }

  @Test func `X19: so it is if other resources of the type are acked`() {
    var script = Script(.delta, [fixedCluster("a"), routes("q"), routes("r", to: ["a"])])
    _ = script.subscribe(.cluster)
    _ = script.subscribe(.routes, ["q"])
    _ = script.ack(.routes)
    #expect(script.session.standings[.routes]?.acked == 1)
    #expect(script.subscribe(.routes, ["r"]) == [])
    _ = script.post([endpoints("x")])
    #expect(script.session.standings[.routes]?.acked == 1)
  }

  @Test func `X23: delta gets only what changed`() {
    var script = Script(.delta, [cluster("a"), cluster("b"), listener("l"), listener("m")])
    for type in [ResourceType.cluster, .listener] {
      _ = script.subscribe(type)
      _ = script.ack(type)
    }
    #expect(
      script.post([cluster("b", "2"), listener("m", "2")])
        == [Sent(.cluster, ["b"]), Sent(.listener, ["m"])]
    )
  }

  @Test func `X23: state of the world gets only the assignments and routes that changed`() {
    var script = Script(
      .stateOfTheWorld,
      [endpoints("a"), endpoints("b"), routes("r"), routes("s")]
    )
    _ = script.want(.endpoints, ["a", "b"])
    _ = script.ack(.endpoints, ["a", "b"])
    _ = script.want(.routes, ["r", "s"])
    _ = script.ack(.routes, ["r", "s"])
    #expect(
      script.post([endpoints("b", "2"), routes("s", "2")])
        == [Sent(.endpoints, ["b"]), Sent(.routes, ["s"])]
    )
  }
}
