import Snapshots
import Testing

@testable import XDSSession

struct SubscriptionTests {
  @Test(arguments: [ResourceType.cluster, .listener])
  func `X8: naming nothing in the first request asks for everything`(type: ResourceType) {
    var script = Script(
      .stateOfTheWorld,
      [cluster("a"), cluster("b"), listener("a"), listener("b")]
    )
    #expect(script.want(type) == [Sent(type, ["a", "b"])])
  }

  @Test func `X8: naming nothing of the other types asks for nothing`() {
    var script = Script(.stateOfTheWorld, [endpoints("a"), routes("r")])
    #expect(script.want(.endpoints) == [Sent(.endpoints)])
    #expect(script.want(.routes) == [Sent(.routes)])
  }

  @Test func `X8: a later list ends the legacy wildcard`() {
    var script = Script(.stateOfTheWorld, [cluster("a"), cluster("b")])
    _ = script.want(.cluster)
    #expect(script.want(.cluster, ["a"]) == [Sent(.cluster, ["a"])])
    _ = script.ack(.cluster, ["a"])
    #expect(script.post([cluster("b", "2")]) == [])
  }

  @Test func `X8: a later list with a star keeps the wildcard`() {
    var script = Script(.stateOfTheWorld, [cluster("a"), cluster("b")])
    _ = script.want(.cluster)
    _ = script.want(.cluster, ["a", "*"])
    #expect(script.post([cluster("b", "2")]) == [Sent(.cluster, ["a", "b"])])
  }

  @Test func `X8: a list emptied after names were given means nothing`() {
    var script = Script(.stateOfTheWorld, [cluster("a"), cluster("b")])
    _ = script.want(.cluster, ["a"])
    #expect(script.want(.cluster) == [])
    #expect(script.post([cluster("a", "2"), cluster("b", "2")]) == [])
  }

  @Test func `a client may ask for a number of types that is bounded`() {
    var session = Script(.delta).session
    for number in 1...64 {
      #expect(session.handle(.request(Request("x/\(number)", .change()))).excess == nil)
    }
    #expect(session.handle(.request(Request("x/65", .change()))).excess == .types)
    #expect(session.handle(.request(Request("x/1", .change()))).excess == nil)
  }

  @Test func `a client may leave a number of responses unanswered that is bounded`() {
    var session = Script(.delta, [endpoints("a")]).session
    let request = Request(ResourceType.endpoints.url, .change(subscribe: ["a"]))
    for _ in 1...10_000 { #expect(session.handle(.request(request)).excess == nil) }
    #expect(session.handle(.request(request)).excess == .unansweredResponses)
  }

  @Test func `X8: a name that is listed twice counts once`() {
    var script = Script(.stateOfTheWorld, [endpoints("a"), endpoints("b")])
    _ = script.want(.endpoints, ["a", "b"])
    #expect(script.want(.endpoints, ["a", "a"]) == [Sent(.endpoints)])
    _ = script.ack(.endpoints, ["a"])
    #expect(script.post([endpoints("a", "2"), endpoints("b", "2")]) == [Sent(.endpoints, ["a"])])
    _ = script.ack(.endpoints, ["a", "a"])
    #expect(script.want(.endpoints, ["b", "b", "a"]) == [Sent(.endpoints, ["b"])])
  }

  @Test func `X8: a list emptied after a star means nothing`() {
    var script = Script(.stateOfTheWorld, [cluster("a")])
    _ = script.want(.cluster, ["*"])
    _ = script.want(.cluster)
    #expect(script.post([cluster("a", "2")]) == [])
  }

  @Test(arguments: [ResourceType.cluster, .listener, .virtualHost])
  func `X9: subscribing to nothing in the first request asks for everything`(type: ResourceType) {
    var script = Script(
      .delta,
      [
        cluster("a"), cluster("b"), listener("a"), listener("b"), virtualHost("a"),
        virtualHost("b"),
      ]
    )
    #expect(script.subscribe(type) == [Sent(type, ["a", "b"])])
  }

  @Test func `X9: naming something keeps the legacy wildcard`() {
    var script = Script(.delta, [cluster("a"), cluster("b")])
    _ = script.subscribe(.cluster)
    _ = script.ack(.cluster)
    #expect(script.subscribe(.cluster, ["a"]) == [Sent(.cluster, ["a"])])
    _ = script.ack(.cluster)
    #expect(script.post([cluster("b", "2")]) == [Sent(.cluster, ["b"])])
  }

  @Test func `X9: a star unsubscribed leaves what is named`() {
    var script = Script(.delta, [cluster("a"), cluster("b")])
    #expect(script.subscribe(.cluster, ["*", "a"]) == [Sent(.cluster, ["a", "b"])])
    _ = script.ack(.cluster)
    _ = script.unsubscribe(.cluster, ["*"])
    #expect(
      script.post([cluster("a", "2"), cluster("b", "2")]) == [Sent(.cluster, ["a"])]
    )
  }

  @Test func `X9: a legacy wildcard is unsubscribed by a star`() {
    var script = Script(.delta, [cluster("a")])
    _ = script.subscribe(.cluster)
    _ = script.ack(.cluster)
    _ = script.unsubscribe(.cluster, ["*"])
    #expect(script.post([cluster("a", "2")]) == [])
  }

  @Test func `X9: a star subscribed later brings the rest`() {
    var script = Script(.delta, [endpoints("a"), endpoints("b")])
    #expect(script.subscribe(.endpoints, ["a"]) == [Sent(.endpoints, ["a"])])
    #expect(script.subscribe(.endpoints, ["*"]) == [Sent(.endpoints, ["a", "b"])])
  }

  @Test func `X9: initial names and a star combine`() {
    var script = Script(.delta, [cluster("a")])
    #expect(
      script.subscribe(.cluster, ["*", "x"]) == [Sent(.cluster, ["a"], removed: ["x"])]
    )
  }

  @Test func `X9: a name unsubscribed under a wildcard is told again`() {
    var script = Script(.delta, [cluster("a")])
    _ = script.subscribe(.cluster, ["*", "a"])
    _ = script.ack(.cluster)
    #expect(script.unsubscribe(.cluster, ["a"]) == [Sent(.cluster, ["a"])])
  }

  @Test func `X10: delta reports once that a name does not exist, with those that do`() {
    var script = Script(.delta, [endpoints("a")])
    #expect(
      script.subscribe(.endpoints, ["a", "x"]) == [Sent(.endpoints, ["a"], removed: ["x"])]
    )
    _ = script.ack(.endpoints)
    #expect(script.post([endpoints("a", "2")]) == [Sent(.endpoints, ["a"])])
  }

  @Test func `X10: a missing name is sent as soon as it exists`() {
    var script = Script(.delta)
    #expect(script.subscribe(.endpoints, ["x"]) == [Sent(.endpoints, removed: ["x"])])
    _ = script.ack(.endpoints)
    #expect(script.post([endpoints("x")]) == [Sent(.endpoints, ["x"])])
  }

  @Test func `X10: state of the world leaves a missing name out until it exists`() {
    var script = Script(.stateOfTheWorld, [endpoints("a")])
    #expect(script.want(.endpoints, ["a", "x"]) == [Sent(.endpoints, ["a"])])
    _ = script.ack(.endpoints, ["a", "x"])
    #expect(script.want(.endpoints, ["a", "x", "y"]) == [])
    #expect(script.post([endpoints("x")]) == [Sent(.endpoints, ["x"])])
  }

  @Test func `X11: a name subscribed again is sent again`() {
    var script = Script(.delta, [endpoints("a"), endpoints("b")])
    _ = script.subscribe(.endpoints, ["a", "b"])
    _ = script.ack(.endpoints)
    #expect(script.subscribe(.endpoints, ["a"]) == [Sent(.endpoints, ["a"])])
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X11: a name dropped and wanted again is sent again`(dialect: Dialect) {
    var script = Script(dialect, [endpoints("a"), endpoints("b")])
    _ = script.ask(.endpoints, ["a", "b"])
    if dialect == .delta {
      #expect(script.unsubscribe(.endpoints, ["a"]) == [])
      #expect(script.subscribe(.endpoints, ["a"]) == [Sent(.endpoints, ["a"])])
    } else {
      #expect(script.want(.endpoints, ["b"]) == [Sent(.endpoints)])
      #expect(script.want(.endpoints, ["a", "b"]) == [Sent(.endpoints, ["a"])])
    }
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X12: what is asked for is answered at once, whatever else the snapshot holds`(
    dialect: Dialect
  ) {
    var script = Script(dialect, [endpoints("a"), endpoints("b"), routes("r"), routes("s")])
    #expect(script.ask(.endpoints, ["a"]) == [Sent(.endpoints, ["a"])])
    #expect(script.ask(.routes, ["s"]) == [Sent(.routes, ["s"])])
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X12: an answer does not wait for the ACK of the one before`(dialect: Dialect) {
    var script = Script(dialect, [endpoints("a"), endpoints("b")])
    _ = script.ask(.endpoints, ["a"])
    #expect(
      script.ask(.endpoints, dialect == .delta ? ["b"] : ["a", "b"]) == [Sent(.endpoints, ["b"])]
    )
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X5: an unknown type gets an empty subscription`(dialect: Dialect) {
    var script = Script(dialect, [cluster("a")])
    let want: Request.Want = dialect == .delta ? .change() : .whole()
    let answer = script.session.handle(.request(Request("type.googleapis.com/x.Y", want)))
    #expect(answer.responses.map(\.typeURL) == ["type.googleapis.com/x.Y"])
    #expect(answer.responses.allSatisfy { $0.resources.isEmpty && $0.removed.isEmpty })
    #expect(script.post([cluster("a", "2")]) == [])
  }

  @Test func `X4: taking away the last resource is sent like any other change`() {
    var delta = Script(.delta, [cluster("a")])
    _ = delta.subscribe(.cluster)
    _ = delta.ack(.cluster)
    let gone = ResourceKey(.cluster, "a")
    #expect(delta.post(without: [gone]) == [Sent(.cluster, removed: ["a"])])
    var whole = Script(.stateOfTheWorld, [cluster("a")])
    _ = whole.want(.cluster)
    _ = whole.ack(.cluster)
    #expect(whole.post(without: [gone]) == [Sent(.cluster)])
  }
}
