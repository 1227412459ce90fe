import Snapshots
import Testing

@testable import XDSSession

/// Streams that ask for one type only.
struct OneTypeTests {
  let all = [
    cluster("a"), endpoints("a"), listener("l", routes: "r"), routes("r", to: ["a"]),
    virtualHost("v", to: ["a"]),
  ]

  func script(_ dialect: Dialect) -> Script { Script(dialect, all, isAggregated: false) }

  @Test(
    arguments: [Dialect.delta, .stateOfTheWorld],
    [(ResourceType.listener, "l"), (.routes, "r"), (.cluster, "a"), (.endpoints, "a")]
  )
  func `X12: a stream of one type is answered at once`(
    dialect: Dialect,
    asked: (type: ResourceType, name: String)
  ) {
    var script = script(dialect)
    let names = asked.type.isWholeInStateOfTheWorld ? [] : [asked.name]
    #expect(script.ask(asked.type, names) == [Sent(asked.type, [asked.name])])
    #expect(script.timers == [])
  }

  @Test(
    arguments: [Dialect.delta, .stateOfTheWorld],
    [(ResourceType.listener, "l"), (.routes, "r"), (.cluster, "a"), (.endpoints, "a")]
  )
  func `X1: a stream of one type that has everything is sent nothing`(
    dialect: Dialect,
    asked: (type: ResourceType, name: String)
  ) {
    var script = script(dialect)
    let names = asked.type.isWholeInStateOfTheWorld ? [] : [asked.name]
    #expect(script.resume(asked.type, names) == [])
    #expect(script.session.standings[asked.type]?.acked == 1)
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X21: a stream without clusters never waits, on a reconnect neither`(dialect: Dialect) {
    var script = script(dialect)
    _ = script.resume(.routes, ["r"])
    #expect(script.post([cluster("b"), routes("r", to: ["b"])]) == [Sent(.routes, ["r"])])
    #expect(script.timers == [])
  }

  @Test func `X21: listeners and virtual hosts wait for no cluster either`() {
    var listeners = script(.delta)
    _ = listeners.subscribe(.listener)
    _ = listeners.ack(.listener)
    #expect(
      listeners.post([cluster("b"), listener("l", clusters: ["b"])]) == [Sent(.listener, ["l"])]
    )
    var hosts = script(.delta)
    _ = hosts.subscribe(.virtualHost)
    _ = hosts.ack(.virtualHost)
    #expect(
      hosts.post([cluster("b"), virtualHost("v", to: ["b"])]) == [Sent(.virtualHost, ["v"])]
    )
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X13: a changed cluster brings nothing to a stream of assignments`(dialect: Dialect) {
    var script = script(dialect)
    _ = script.ask(.endpoints, ["a"])
    _ = script.ack(.endpoints, ["a"])
    #expect(script.post([cluster("a", "2")]) == [])
    #expect(script.post([endpoints("a", "2")]) == [Sent(.endpoints, ["a"])])
  }

  @Test func `X20: a stream of clusters alone withdraws one at once`() {
    var script = script(.delta)
    _ = script.subscribe(.cluster)
    _ = script.ack(.cluster)
    let gone = ResourceKey(.cluster, "a")
    #expect(script.post([routes("r")], without: [gone]) == [Sent(.cluster, removed: ["a"])])
  }
}
