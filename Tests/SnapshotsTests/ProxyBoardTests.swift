import Snapshots
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
}
