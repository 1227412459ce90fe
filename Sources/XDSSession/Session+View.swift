import HashTreeCollections
import Snapshots

// A newer snapshot: which names have changed for this client.
extension Session {
  mutating func update(to view: SnapshotBoard.View) {
    snapshot = view.snapshot
    former = view.former
    if let changed = view.changed {
      for key in changed {
        if let index = index(of: key.type) { channels[index].note(key.name, snapshot[key]) }
      }
    } else {
      for index in channels.indices { compareAll(index) }
    }
  }

  private mutating func compareAll(_ index: Int) {
    guard let type = channels[index].type else { return }
    let set = snapshot[type]
    let channel = channels[index]
    if channel.subscription.isWildcard {
      if channel.isCurrent, channel.holdings.fingerprint == set.fingerprint { return }
      for (name, resource) in set.byName { channels[index].note(name, resource) }
    } else {
      for name in channel.subscription.names { channels[index].note(name, set[name]) }
    }
    for name in channel.holdings.byName.keys where set[name] == nil {
      channels[index].note(name, nil)
    }
  }
}

extension Channel {
  /// Marks a name if its resource differs from what the client has.
  fileprivate mutating func note(_ name: String, _ resource: Resource?) {
    guard subscription.covers(name) else { return }
    if let resource {
      if holdings[name]?.version != resource.version { changed.insert(name) }
    } else if holdings.mayInclude(name) {
      changed.insert(name)
    }
  }
}
