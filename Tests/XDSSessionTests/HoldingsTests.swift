import HashTreeCollections
import Snapshots
import Testing

@testable import XDSSession

/// What a session tells of its client.
struct HoldingsTests {
  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `what a stream holds is what it was sent, and shares the snapshot's structure`(
    dialect: Dialect
  ) {
    var script = Script(dialect, [cluster("a"), cluster("b"), listener("l")])
    #expect(script.session.holdings.isEmpty)
    _ = script.ask(.cluster)
    _ = script.ack(.cluster)
    #expect(script.session.holdings.keys.sorted() == [.cluster])
    #expect(script.session.holdings[.cluster]?["b"] === script.current[.cluster]["b"])
    _ = script.post([cluster("c")], without: [ResourceKey(.cluster, "a")])
    #expect(script.session.holdings[.cluster]?.keys.sorted() == ["b", "c"])
    #expect(script.session.revision == 2)
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X19: a type is pending until it is acked`(dialect: Dialect) {
    var script = Script(dialect, [cluster("a")])
    _ = script.ask(.cluster)
    #expect(script.session.progress == [.cluster: .pending])
    _ = script.ack(.cluster)
    #expect(script.session.progress == [.cluster: .current])
    _ = script.post([cluster("a", "2")])
    #expect(script.session.progress == [.cluster: .pending])
  }

  @Test(arguments: [Dialect.delta, .stateOfTheWorld])
  func `X17: what was refused stays so while other things change`(dialect: Dialect) {
    var script = Script(dialect, [cluster("a"), listener("l")])
    _ = script.ask(.cluster)
    _ = script.ack(.cluster)
    _ = script.ask(.listener)
    _ = script.ack(.listener)
    _ = script.post([cluster("a", "2")])
    _ = script.nack(.cluster)
    #expect(script.session.progress == [.cluster: .refused, .listener: .current])
    _ = script.post([listener("l", "2")])
    _ = script.ack(.listener)
    #expect(script.session.progress == [.cluster: .refused, .listener: .current])
    _ = script.post([cluster("a", "3")])
    #expect(script.session.progress[.cluster] == .pending)
    _ = script.ack(.cluster)
    #expect(script.session.progress[.cluster] == .current)
  }

  @Test func `X19: a client has a revision while a listener that is gone drains`() {
    var script = Script(
      .delta,
      [cluster("a"), endpoints("a"), listener("l", routes: "r"), routes("r", to: ["a"])]
    )
    for (type, names) in [
      (ResourceType.cluster, []), (.endpoints, ["a"]), (.listener, []), (.routes, ["r"]),
    ] {
      _ = script.subscribe(type, names)
      _ = script.ack(type)
    }
    let gone = [
      ResourceKey(.cluster, "a"), ResourceKey(.endpoints, "a"), ResourceKey(.listener, "l"),
      ResourceKey(.routes, "r"),
    ]
    _ = script.post(without: gone)
    #expect(script.session.progress[.cluster] == .pending)
    _ = script.ack(.listener)
    #expect(script.session.progress[.cluster] == .pending)
    _ = script.ack(.routes)
    #expect(script.session.progress.values.allSatisfy { $0 == .current })
    #expect(script.session.standings.values.allSatisfy { $0.acked == 2 })
    #expect(script.unsubscribe(.routes, ["r"]) == [Sent(.cluster, removed: ["a"])])
    #expect(script.session.progress[.cluster] == .pending)
  }

  @Test func `X19: a client that reconnects while a listener drains has the revision`() {
    var script = Script(.delta, [listener("l")])
    let version = ["a": "0"]
    _ = script.subscribe(.cluster, holding: version)
    _ = script.subscribe(.endpoints, ["a"], holding: version)
    _ = script.subscribe(.listener, holding: script.current[.listener].versions)
    _ = script.subscribe(.routes, ["r"])
    _ = script.fire { $0 == .settle }
    _ = script.ack(.routes)
    #expect(script.session.progress.values.allSatisfy { $0 == .current })
    #expect(script.session.standings.values.allSatisfy { $0.acked == 1 })
  }

  @Test func `a name asked for again makes its type pending, though its revision was acked`() {
    var script = Script(.delta, [routes("r"), routes("s")])
    _ = script.subscribe(.routes, ["r"])
    _ = script.ack(.routes)
    _ = script.subscribe(.routes, ["s"])
    #expect(script.session.standings[.routes] == ProxyStanding(sent: 1, acked: 1))
    #expect(script.session.progress == [.routes: .pending])
  }
}
