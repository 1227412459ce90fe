import HashTreeCollections
import Snapshots
import Testing

struct FormerSnapshotsTests {
  let board = SnapshotBoard(formerLimit: 3)

  func cluster(_ name: String, _ content: String = "1") -> Resource {
    Resource(ResourceKey(.cluster, name), body: Array(content.utf8))
  }

  func set(_ names: [String]) -> ResourceSet {
    var set = ResourceSet()
    for name in names { set.insert(cluster(name)) }
    return set
  }

  /// Posts clusters of these names.
  func post(_ names: [String], without gone: [String]? = nil) {
    var snapshot = Snapshot(revision: 1)
    snapshot[.cluster] = set(names)
    let changed = gone.map { Set($0.map { ResourceKey(.cluster, $0) }) }
    board.post(FleetSnapshots(others: snapshot), changed: changed)
  }

  /// The names of the clusters of a set with the version of those names.
  func find(_ names: [String]) -> [String]? {
    let former = board.view(of: "f", since: 0)?.former
    return former?.set(of: .cluster, version: "\(set(names).fingerprint)")?.byName.keys.sorted()
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

  @Test(arguments: [nil, ["b", "c"]])
  func `a set with any of what was taken away is found`(gone: [String]?) {
    post(["a", "b", "c"])
    post(["a", "n"], without: gone)
    #expect(find(["a", "b", "n"]) == ["a", "b", "n"])
    #expect(find(["a", "c", "n"]) == ["a", "c", "n"])
    #expect(find(["a", "b", "c", "n"]) == ["a", "b", "c", "n"])
  }

  @Test func `a set with all of many that were taken away is found`() {
    let many = (1...40).map { "m\($0)" }
    post(["a"] + many)
    post(["a", "b"])
    #expect(find(["a", "b"] + many)?.count == 42)
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
