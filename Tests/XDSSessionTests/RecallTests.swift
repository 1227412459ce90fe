import Snapshots
import Testing

@testable import XDSSession

/// What a state-of-the-world client that reconnects is found to have by the versions that it names.
struct RecallTests {
  let old = [
    fixedCluster("a"), fixedCluster("b"), listener("l", routes: "r"), routes("r", to: ["a", "b"]),
  ]
  let new = [fixedCluster("a"), listener("l", routes: "r"), routes("r", to: ["a"])]

  func version(_ type: ResourceType, _ resources: [Resource]) -> String {
    "\(snapshot(1, resources)[type].fingerprint)"
  }

  func response(_ script: inout Script, _ names: [String], version: String = "", nonce: String = "")
    -> [Response]
  {
    let want = Request.Want.whole(names: names, version: version)
    return script.session.handle(
      .request(Request(ResourceType.routes.url, want, nonce: nonce))
    ).responses
  }

  @Test func `X20: a removal that a client missed reaches it after the routes`() {
    var script = Script(.stateOfTheWorld, new, after: [old])
    #expect(script.want(.cluster, version: version(.cluster, old)) == [])
    #expect(script.want(.listener, version: version(.listener, old)) == [])
    #expect(
      script.want(.routes, ["r"], version: version(.routes, old)) == [Sent(.routes, ["r"])]
    )
    #expect(script.fire { $0 == .settle } == [])
    #expect(script.ack(.routes, ["r"]) == [Sent(.cluster, ["a"])])
  }

  @Test func `X20: so does one whose routes were on their way when the connection was lost`() {
    var script = Script(.stateOfTheWorld, old)
    _ = script.want(.cluster)
    _ = script.ack(.cluster)
    let replaced = [fixedCluster("c"), routes("r", to: ["a", "c"])]
    _ = script.want(.routes, ["r"])
    let gone = ResourceKey(.cluster, "b")
    #expect(script.post(replaced, without: [gone]) == [Sent(.cluster, ["a", "b", "c"])])
    let newest = [fixedCluster("a")] + replaced
    var other = Script(.stateOfTheWorld, newest, after: [old])
    #expect(other.want(.cluster, version: script.versions[.cluster] ?? "") == [])
    _ = other.want(.routes, ["r"], version: version(.routes, old))
    #expect(other.fire { $0 == .settle } == [])
    #expect(other.ack(.routes, ["r"]) == [Sent(.cluster, ["a", "c"])])
  }

  @Test func `X20: a client that missed a replacement gets the union first`() {
    let newest = [fixedCluster("a"), fixedCluster("c"), routes("r", to: ["a", "c"])]
    var script = Script(.stateOfTheWorld, newest, after: [old])
    #expect(script.want(.cluster, version: version(.cluster, old)) == [])
    #expect(script.want(.routes, ["r"], version: version(.routes, old)) == [])
    #expect(script.fire { $0 == .settle } == [Sent(.cluster, ["a", "b", "c"])])
    #expect(script.ack(.cluster) == [Sent(.routes, ["r"])])
    #expect(script.ack(.routes, ["r"]) == [Sent(.cluster, ["a", "c"])])
  }

  @Test func `X20: a removal waits for a listener's update though its version is unknown`() {
    let newest = [fixedCluster("a"), listener("l", "2", routes: "r"), routes("r", to: ["a"])]
    var script = Script(.stateOfTheWorld, newest, after: [old])
    _ = script.want(.cluster, version: version(.cluster, old))
    #expect(script.want(.listener, version: "unknown") == [Sent(.listener, ["l"])])
    _ = script.want(.routes, ["r"], version: version(.routes, newest))
    #expect(script.fire { $0 == .settle } == [])
    #expect(script.ack(.listener) == [Sent(.cluster, ["a"])])
  }

  @Test func `X12: a client that missed an addition is answered at once`() {
    var script = Script(.stateOfTheWorld, old, after: [new])
    #expect(
      script.want(.cluster, version: version(.cluster, new)) == [Sent(.cluster, ["a", "b"])]
    )
    #expect(script.timers == [])
  }

  @Test func `X12: clusters of an unknown version are answered at once`() {
    var script = Script(.stateOfTheWorld, new)
    #expect(script.want(.cluster, version: version(.cluster, old)) == [Sent(.cluster, ["a"])])
  }

  @Test func `X21: routes wait for no cluster that the client is found to have`() {
    let newest = [fixedCluster("a", "2"), fixedCluster("b"), routes("r", to: ["a"], "2")]
    var script = Script(.stateOfTheWorld, newest, after: [old])
    _ = script.want(.cluster, version: version(.cluster, old))
    #expect(script.want(.routes, ["r"], version: "unknown") == [Sent(.routes, ["r"])])
  }

  @Test func `X15: a client that warms a cluster that is gone gets the last assignment of it`() {
    let old = [cluster("a"), cluster("b"), endpoints("a"), endpoints("b")]
    var script = Script(.stateOfTheWorld, [cluster("a"), endpoints("a")], after: [old])
    let version = version(.endpoints, old)
    #expect(
      script.want(.endpoints, ["a", "b"], version: version) == [Sent(.endpoints, ["a", "b"])]
    )
    #expect(script.ack(.endpoints, ["a", "b"]) == [])
  }

  @Test func `X1: a client that drops names is told the version of the rest`() {
    let all = [routes("r"), routes("s")]
    var script = Script(.stateOfTheWorld, all)
    let first = response(&script, ["r", "s"])
    let answers = response(&script, ["r"], nonce: first.first?.nonce ?? "")
    #expect(answers.map(\.version) == [version(.routes, [routes("r")])])
    #expect(answers.map(\.resources.count) == [0])
    var other = Script(.stateOfTheWorld, all)
    let again = response(&other, ["r"], version: answers.first?.version ?? "")
    #expect(again.isEmpty)
  }

  @Test func `X1: dropping a name that does not exist changes no version`() {
    var script = Script(.stateOfTheWorld, [routes("r")])
    _ = script.want(.routes, ["r", "x"])
    #expect(script.want(.routes, ["r"]) == [])
  }

  @Test func `X17: no version counts in what was refused before it`() throws {
    var script = Script(.stateOfTheWorld, [routes("r"), routes("s")])
    _ = script.want(.routes, ["r"])
    _ = script.ack(.routes, ["r"])
    #expect(script.post([routes("r", "2")]) == [Sent(.routes, ["r"])])
    let refused = script.nonces[.routes] ?? ""
    let second = response(&script, ["r", "s"])
    let refusal = Request(
      ResourceType.routes.url,
      .whole(names: ["r"]),
      nonce: refused,
      error: "refused"
    )
    #expect(script.send(refusal) == [])
    let third = response(&script, ["r", "s"], nonce: second.first?.nonce ?? "")
    #expect(third.map(\.resources.count) == [0])
    var other = Script(.stateOfTheWorld, [routes("r", "2"), routes("s")])
    let version = try #require(third.first?.version)
    let again = response(&other, ["r", "s"], version: version)
    #expect(again.map(\.resources.count) == [2])
  }
}
