import Snapshots
import Testing

@testable import Publisher

@Suite struct FleetChangesTests {
  private var changes = FleetChanges()

  private func snapshot(_ revision: Int, _ clusters: String...) -> Snapshot {
    var snapshot = Snapshot(revision: revision)
    for name in clusters {
      snapshot[.cluster].insert(Resource(ResourceKey(.cluster, name), body: Array(name.utf8)))
    }
    return snapshot
  }

  @Test mutating func `a revision that leaves a fleet as it is does not count for it`() {
    changes.note(FleetSnapshots(named: ["east": snapshot(1, "a")], others: snapshot(1)))
    #expect(changes["east"] == 1)
    changes.note(FleetSnapshots(named: ["east": snapshot(2, "a", "b")], others: snapshot(2)))
    #expect(changes["east"] == 2)
    #expect(changes["west"] == 1)
    #expect(changes.newest == 2)
  }

  @Test mutating func `a fleet that is named from now on keeps what it had as one of the others`() {
    changes.note(FleetSnapshots(others: snapshot(1, "a")))
    changes.note(FleetSnapshots(named: ["east": snapshot(2, "a")], others: snapshot(2, "a")))
    #expect(changes["east"] == 1)
    changes.note(FleetSnapshots(others: snapshot(3)))
    #expect(changes["east"] == 3)
  }

  @Test mutating func `going back to what was seen last is no change`() {
    changes.note(FleetSnapshots(others: snapshot(1, "a")))
    changes.note(FleetSnapshots(others: snapshot(3, "a")))
    #expect(changes["any"] == 1)
  }

  @Test func `before anything is posted nothing is known`() {
    #expect(changes["any"] == 0)
    #expect(changes.newest == 0)
  }
}
