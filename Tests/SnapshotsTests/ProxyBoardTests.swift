import Foundation
import HashTreeCollections
import Snapshots
import Synchronization
import Testing

struct ProxyBoardTests {
  let board = ProxyBoard()
  let node = ProxyNode(id: "n", fleet: "f", version: "1.40.0")

  @Test func `several streams of a proxy are kept apart, in the order of their opening`() {
    let first = board.open(node)
    let second = board.open(node)
    board.update(second, [.cluster: ProxyStanding(sent: 3, acked: 2)])
    #expect(board.connections.map(\.id) == [first, second])
    #expect(board.connections.map(\.types) == [[:], [.cluster: ProxyStanding(sent: 3, acked: 2)]])
  }

  @Test func `a closed stream is forgotten, whatever is heard of it later`() {
    let id = board.open(node)
    board.close(id)
    board.update(id, [.cluster: ProxyStanding(sent: 1)])
    #expect(board.connections.isEmpty)
  }

  @Test func `a stream has its dialect, its time and what it holds`() throws {
    let board = ProxyBoard(now: { Date(timeIntervalSince1970: 7) })
    let id = board.open(node, .stateOfTheWorld)
    let cluster = Resource(ResourceKey(.cluster, "c"), body: [1])
    board.update(
      id,
      [.cluster: ProxyStanding(sent: 3)],
      sent: [.cluster: ["c": cluster]],
      progress: [.cluster: .pending],
      revision: 3
    )
    let connection = try #require(board.connections.first)
    #expect(connection.dialect == .stateOfTheWorld)
    #expect(connection.opened == Date(timeIntervalSince1970: 7))
    #expect(connection.sent[.cluster]?["c"] === cluster)
    #expect(connection.progress == [.cluster: .pending])
    #expect(connection.revision == 3)
  }
}

@Suite struct ProxyBoardFollowerTests {
  private let board = ProxyBoard()
  private let node = ProxyNode(id: "n", fleet: "f", version: "1.40.0")

  @Test func `a follower is woken once until it takes the changes`() {
    let wakes = Mutex(0)
    let follower = board.addFollower { wakes.withLock { $0 += 1 } }
    #expect(wakes.withLock { $0 } == 0)
    let id = board.open(node)
    board.update(id, [.cluster: ProxyStanding(sent: 1)])
    #expect(wakes.withLock { $0 } == 1)
    #expect(board.takeChanges(follower).open.map(\.types) == [[.cluster: ProxyStanding(sent: 1)]])
    #expect(board.takeChanges(follower).isEmpty)
    board.update(id, [.cluster: ProxyStanding(sent: 1, acked: 1)])
    #expect(wakes.withLock { $0 } == 2)
  }

  @Test func `a follower learns of the streams that are open already`() {
    let id = board.open(node)
    let wakes = Mutex(0)
    let follower = board.addFollower { wakes.withLock { $0 += 1 } }
    #expect(wakes.withLock { $0 } == 1)
    #expect(board.takeChanges(follower).open.map(\.id) == [id])
  }

  @Test func `a stream that ended is told as it was in the end`() {
    let follower = board.addFollower {}
    let id = board.open(node)
    board.update(id, [.cluster: ProxyStanding(sent: 1, acked: 1)])
    board.close(id)
    let changes = board.takeChanges(follower)
    #expect(changes.open.isEmpty)
    #expect(changes.closed.map(\.types) == [[.cluster: ProxyStanding(sent: 1, acked: 1)]])
  }

  @Test func `every refusal is told, with what was acked before it`() {
    let follower = board.addFollower {}
    let id = board.open(node)
    let first = ProxyRejection(revision: 2, names: ["a"], message: "no")
    let second = ProxyRejection(revision: 3, names: ["a"], message: "no")
    board.update(id, [.cluster: ProxyStanding(sent: 1, acked: 1)])
    board.update(id, [.cluster: ProxyStanding(sent: 2, acked: 1, rejection: first)])
    board.update(id, [.cluster: ProxyStanding(sent: 3, acked: 1, rejection: first)])
    board.update(id, [.cluster: ProxyStanding(sent: 3, acked: 1, rejection: second)])
    let refusals = board.takeChanges(follower).refusals
    #expect(refusals.map(\.rejection) == [first, second])
    #expect(refusals.map(\.acked) == [1, 1])
    #expect(refusals.map(\.type) == [.cluster, .cluster])
    #expect(refusals.map(\.node) == [node, node])
  }

  @Test func `a follower that left is not woken any more`() {
    let wakes = Mutex(0)
    let follower = board.addFollower { wakes.withLock { $0 += 1 } }
    board.removeFollower(follower)
    _ = board.open(node)
    #expect(wakes.withLock { $0 } == 0)
  }
}
