import HashTreeCollections
import Snapshots
import Synchronization
import Testing

struct FormerSnapshotsTests {
  let board = SnapshotBoard(formerLimit: 3, recalls: true)

  func cluster(_ name: String, _ content: String = "1") -> Resource {
    Resource(ResourceKey(.cluster, name), body: Array(content.utf8))
  }

  func set(_ names: [String]) -> ResourceSet {
    var set = ResourceSet()
    for name in names { set.insert(cluster(name)) }
    return set
  }

  /// Posts clusters of these names.
  func post(_ names: [String], changed: Set<ResourceKey>? = nil) {
    var snapshot = Snapshot(revision: 1)
    snapshot[.cluster] = set(names)
    board.post(FleetSnapshots(others: snapshot), changed: changed)
  }

  /// Adds clusters of these names before all others.
  func recall(_ names: [String], changed: Set<ResourceKey>? = nil) -> Bool {
    var snapshot = Snapshot(revision: 1)
    snapshot[.cluster] = set(names)
    return board.recall(FleetSnapshots(others: snapshot), changed: changed)
  }

  /// The names of the clusters of a set with the version of those, and of others beside them.
  func find(_ names: [String], with others: [String] = []) -> [String]? {
    let version = set(names).version(with: others.map { cluster($0) }) ?? ""
    let former = board.view(of: "f", since: 0)?.former
    return former?.set(of: .cluster, version: version)?.byName.keys.sorted()
  }

  @Test func `the set of a former posting is found by its version`() {
    post(["a"])
    post(["a", "b"])
    #expect(find(["a"]) == ["a"])
    #expect(find(["a", "b"]) == ["a", "b"])
    #expect(find(["b"]) == nil)
  }

  @Test func `only the last postings are known`() {
    for name in ["a", "b", "c", "d"] { post([name]) }
    #expect(find(["a"]) == nil)
    #expect(find(["b"]) == ["b"])
  }

  @Test func `a posting that changes neither clusters nor listeners takes no room`() {
    for name in ["a", "b", "c"] { post([name]) }
    for _ in 1...3 { post(["c"], changed: [ResourceKey(.routes, "r")]) }
    #expect(find(["a"]) == ["a"])
  }

  @Test func `what was before the first posting can be added, newest first`() {
    post(["c"])
    #expect(recall(["b"]))
    #expect(!recall(["a"]))
    #expect(find(["a"]) == ["a"])
    #expect(find(["b"]) == ["b"])
    // The oldest goes first.
    post(["d"])
    #expect(find(["a"]) == nil)
    #expect(find(["b"]) == ["b"])
  }

  @Test func `nothing is added before what was left out`() {
    for name in ["b", "c", "d", "e"] { post([name]) }
    #expect(!recall(["a"]))
    #expect(find(["a"]) == nil)
  }

  @Test func `what is added without a change of clusters or listeners takes no room`() {
    post(["c"])
    for _ in 1...3 { #expect(recall(["c"], changed: [ResourceKey(.routes, "r")])) }
    #expect(recall(["b"]))
    #expect(find(["b"]) == ["b"])
  }

  @Test func `all is known once nothing more can be added`() {
    post(["a"])
    #expect(board.view(of: "f", since: 0)?.former.isComplete == false)
    let wakings = Mutex(0)
    _ = board.addReader { wakings.withLock { $0 += 1 } }
    #expect(wakings.withLock(\.self) == 1)
    board.endRecall()
    #expect(wakings.withLock(\.self) == 2)
    #expect(board.view(of: "f", since: 0)?.former.isComplete == true)
  }

  @Test func `a set with some of what was taken away is found`() {
    post(["a", "b", "c"])
    post(["a", "n"])
    #expect(find(["a", "n"], with: ["c"]) == ["a", "c", "n"])
    #expect(find(["a", "n"], with: ["b", "c"]) == ["a", "b", "c", "n"])
    // What is not known any more is left out.
    #expect(find(["a", "n"], with: ["c", "x"]) == ["a", "c", "n"])
  }

  @Test func `a version names only so many resources`() {
    #expect(set(["a"]).version(with: (1...1000).map { cluster("c\($0)") }) == nil)
  }

  @Test func `what is no version of a set is that of none`() {
    post(["a"])
    let former = board.view(of: "f", since: 0)?.former
    for version in ["", "0", "x", "\(set(["a"]).fingerprint)?", "0123456789abcdef"] {
      #expect(former?.set(of: .cluster, version: version) == nil)
    }
  }

  @Test func `a fleet has its own former sets`() {
    var snapshot = Snapshot(revision: 1)
    snapshot[.cluster] = set(["a"])
    board.post(
      FleetSnapshots(named: ["f": snapshot], others: Snapshot(revision: 1)),
      changed: nil
    )
    #expect(find(["a"]) == ["a"])
    let others = board.view(of: "g", since: 0)?.former
    #expect(others?.set(of: .cluster, version: "\(set(["a"]).fingerprint)") == nil)
  }
}
