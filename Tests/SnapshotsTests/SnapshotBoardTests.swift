import Snapshots
import Testing

struct SnapshotBoardTests {
  let board = SnapshotBoard(logLength: 3)
  let a = ResourceKey(.cluster, "a")
  let b = ResourceKey(.cluster, "b")
  let c = ResourceKey(.routes, "c")

  func post(_ revision: Int, _ changed: Set<ResourceKey>?) {
    board.post(FleetSnapshots(others: Snapshot(revision: revision)), changed: changed)
  }

  @Test func `nothing is to be seen before the first posting`() {
    #expect(board.view(of: "f", since: 0) == nil)
    #expect(board.snapshots == nil)
  }

  @Test func `a late reader sees the newest, and that anything may have changed`() throws {
    post(7, [a])
    post(8, [b])
    let view = try #require(board.view(of: "f", since: 0))
    #expect(view.posting == 2)
    #expect(view.snapshot.revision == 8)
    #expect(view.changed == nil)
  }

  @Test func `a slow reader skips to the newest and sees the union of what changed`() throws {
    post(1, [])
    post(2, [a])
    post(3, [b, c])
    let view = try #require(board.view(of: "f", since: 1))
    #expect(view.snapshot.revision == 3)
    #expect(view.changed == [a, b, c])
    #expect(board.view(of: "f", since: 2)?.changed == [b, c])
  }

  @Test func `a slow reader is told when the oldest posting that it missed was committed`() {
    let now = ContinuousClock.now
    for second in 0..<4 {
      let committed = now + .seconds(second)
      board.post(FleetSnapshots(others: Snapshot(revision: 1)), changed: [], committed: committed)
    }
    let commits = (0...4).map { board.view(of: "f", since: $0)?.committed }
    #expect(commits == [nil, now + .seconds(1), now + .seconds(2), now + .seconds(3), nil])
  }

  @Test func `of postings that are forgotten the oldest that is not counts`() {
    let now = ContinuousClock.now
    for second in 0..<9 {
      let committed = now + .seconds(second)
      board.post(FleetSnapshots(others: Snapshot(revision: 1)), changed: [], committed: committed)
    }
    #expect(board.view(of: "f", since: 1)?.committed == now + .seconds(6))
  }

  @Test func `a reader that has seen the newest sees that nothing changed`() {
    post(1, [a])
    #expect(board.view(of: "f", since: 1)?.changed == [])
  }

  @Test func `a reader that lags more than the log is long must compare everything`() {
    for revision in 1...5 { post(revision, [a]) }
    #expect(board.view(of: "f", since: 1)?.changed == nil)
    #expect(board.view(of: "f", since: 2)?.changed == [a])
  }

  @Test func `a posting that may have changed anything makes the union unknown`() {
    post(1, [])
    post(2, nil)
    post(3, [a])
    #expect(board.view(of: "f", since: 1)?.changed == nil)
    #expect(board.view(of: "f", since: 2)?.changed == [a])
  }

  @Test func `a fleet without a snapshot of its own sees that of all others`() {
    board.post(
      FleetSnapshots(named: ["f": Snapshot(revision: 1)], others: Snapshot(revision: 2)),
      changed: nil
    )
    #expect(board.view(of: "f", since: 0)?.snapshot.revision == 1)
    #expect(board.view(of: "g", since: 0)?.snapshot.revision == 2)
  }

  @Test func `a reader that waits is woken by the first posting`() async {
    var postings = board.postings().makeAsyncIterator()
    post(1, nil)
    #expect(await postings.next() != nil)
  }

  @Test func `signals that nobody took are merged into one`() async {
    var postings = board.postings().makeAsyncIterator()
    post(1, nil)
    post(2, nil)
    await postings.next()
    post(3, nil)
    await postings.next()
    #expect(board.view(of: "f", since: 0)?.posting == 3)
  }

  @Test func `a reader that comes late is woken at once`() async {
    post(1, nil)
    await confirmation { woken in
      board.removeReader(board.addReader { woken() })
    }
  }

  @Test func `a reader that has left is not woken`() async {
    await confirmation(expectedCount: 1) { woken in
      let reader = board.addReader { woken() }
      post(1, nil)
      board.removeReader(reader)
      post(2, nil)
    }
  }

  @Test func `another revision's stamp changes every fleet`() {
    let fleets = FleetSnapshots(named: ["f": Snapshot(revision: 1)], others: Snapshot(revision: 1))
    #expect(fleets.stamped(5)["f"].revision == 5)
    #expect(fleets.stamped(5)["g"].revision == 5)
  }
}
