import HashTreeCollections
import Snapshots

// A newer snapshot: which names have changed for this client.
extension Session {
  mutating func update(to view: SnapshotBoard.View) {
    snapshot = view.snapshot
    former = view.former
    if let changed = view.changed {
      for key in changed {
        if let index = index(of: key.type) {
          channels[index].note(key.name, snapshot[key], view.committed)
        }
      }
    } else {
      for index in channels.indices { compareAll(index, view.committed) }
    }
  }

  private mutating func compareAll(_ index: Int, _ committed: ContinuousClock.Instant?) {
    guard let type = channels[index].type else { return }
    let set = snapshot[type]
    let channel = channels[index]
    if channel.subscription.isWildcard {
      if channel.isCurrent, channel.holdings.fingerprint == set.fingerprint { return }
      for (name, resource) in set.byName { channels[index].note(name, resource, committed) }
    } else {
      for name in channel.subscription.names { channels[index].note(name, set[name], committed) }
    }
    for name in channel.holdings.byName.keys where set[name] == nil {
      channels[index].note(name, nil, committed)
    }
  }
}

extension Channel {
  /// Marks a name if its resource differs from what the client has.
  fileprivate mutating func note(
    _ name: String,
    _ resource: Resource?,
    _ committed: ContinuousClock.Instant?
  ) {
    guard subscription.covers(name) else { return }
    let differs =
      resource.map { holdings[name]?.version != $0.version } ?? holdings.mayInclude(name)
    guard differs else { return }
    changed.insert(name)
    due[name] = due[name] ?? committed
  }
}
