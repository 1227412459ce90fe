package import Foundation
package import HashTreeCollections
import Synchronization

/// Which proxies are connected and what they answered: what was observed, where the snapshots are
/// what is desired.
///
/// A change costs the same whatever the number of streams.
package final class ProxyBoard: Sendable {
  /// Names a follower that is woken by changes.
  package struct Follower: Hashable, Sendable {
    fileprivate let number: Int
  }

  fileprivate struct State {
    var connections: [ProxyConnection.ID: ProxyConnection] = [:]
    var opened = 0
    var followings: [Following] = []
    var lastFollower = 0
  }

  private let state = Mutex(State())
  private let now: @Sendable () -> Date

  package init(now: @escaping @Sendable () -> Date = { Date() }) { self.now = now }

  /// The open streams, in the order of their opening.
  ///
  /// One proxy may have several.
  package var connections: [ProxyConnection] {
    state.withLock { Array($0.connections.values) }.sorted { $0.id < $1.id }
  }

  /// How many streams are open.
  package var count: Int { state.withLock { $0.connections.count } }

  /// Enters a stream of that proxy.
  package func open(_ node: ProxyNode, _ dialect: Dialect = .delta) -> ProxyConnection.ID {
    let opened = now()
    let (id, wakes) = state.withLock { state in
      state.opened += 1
      let id = state.opened
      state.connections[id] = ProxyConnection(id: id, node: node, dialect: dialect, opened: opened)
      return (id, state.note { $0.changed.insert(id) })
    }
    for wake in wakes { wake() }
    return id
  }

  /// Replaces what is known of a stream; does nothing once it is closed.
  ///
  /// `sent` is what it holds, and `revision` the newest that it has looked at. `progress` may leave
  /// out types; they are then judged by their standing.
  package func update(
    _ id: ProxyConnection.ID,
    _ types: ByType<ProxyStanding>,
    sent: ByType<TreeDictionary<String, Resource>> = [:],
    progress: ByType<StreamProgress> = [:],
    revision: Int = 0
  ) {
    let wakes = state.withLock { state -> [Wake] in
      guard
        let refusals = state.connections[id]?
          .take(types, sent: sent, progress: progress, revision: revision)
      else { return [] }
      return state.note {
        $0.changed.insert(id)
        $0.refusals += refusals
      }
    }
    for wake in wakes { wake() }
  }

  /// Takes a stream that ended off the board.
  package func close(_ id: ProxyConnection.ID) {
    let wakes = state.withLock { state -> [Wake] in
      guard let closed = state.connections.removeValue(forKey: id) else { return [] }
      return state.note {
        $0.changed.remove(id)
        $0.closed.append(closed)
      }
    }
    for wake in wakes { wake() }
  }
}

// Following.
extension ProxyBoard {
  /// Tells a follower that there are changes to take.
  package typealias Wake = @Sendable () -> Void

  /// What has changed since a follower looked last.
  package struct Changes: Sendable {
    /// Streams that are new or of which something else is known, in the order of their opening.
    package fileprivate(set) var open: [ProxyConnection] = []
    /// Streams that ended, as they were in the end.
    package fileprivate(set) var closed: [ProxyConnection] = []
    /// Every response that was refused, oldest first.
    package fileprivate(set) var refusals: [Refusal] = []

    package var isEmpty: Bool { open.isEmpty && closed.isEmpty && refusals.isEmpty }
  }

  /// A response that was refused, and by whom.
  package struct Refusal: Sendable {
    package var node: ProxyNode
    package var type: ResourceType
    /// What the stream had acked of the type before.
    package var acked: Int?
    package var rejection: ProxyRejection
  }

  fileprivate struct Following {
    let follower: Follower
    let wake: Wake
    var isAwake = false
    var changed: Set<ProxyConnection.ID> = []
    var closed: [ProxyConnection] = []
    var refusals: [Refusal] = []
  }

  /// Calls a closure when there are changes to take: once until they are taken, and once at once
  /// if any stream is open.
  ///
  /// The closure is called by whoever made the change: it must only signal.
  package func addFollower(_ wake: @escaping Wake) -> Follower {
    let (follower, isAwake) = state.withLock { state in
      state.lastFollower += 1
      let follower = Follower(number: state.lastFollower)
      var following = Following(follower: follower, wake: wake)
      following.changed = Set(state.connections.keys)
      following.isAwake = !following.changed.isEmpty
      state.followings.append(following)
      return (follower, following.isAwake)
    }
    if isAwake { wake() }
    return follower
  }

  /// What has changed since the last call, or since the follower was added.
  ///
  /// Costs the number of changed streams.
  package func takeChanges(_ follower: Follower) -> Changes {
    state.withLock { state in
      guard let index = state.followings.firstIndex(where: { $0.follower == follower }) else {
        return Changes()
      }
      let taken = state.followings[index]
      state.followings[index] = Following(follower: follower, wake: taken.wake)
      return Changes(
        open: taken.changed.sorted().compactMap { state.connections[$0] },
        closed: taken.closed,
        refusals: taken.refusals
      )
    }
  }

  /// Stops waking a follower.
  package func removeFollower(_ follower: Follower) {
    state.withLock { $0.followings.removeAll { $0.follower == follower } }
  }
}

extension ProxyBoard.State {
  /// Tells every follower of a change.
  ///
  /// - Returns: Those to be woken.
  fileprivate mutating func note(_ change: (inout ProxyBoard.Following) -> Void)
    -> [ProxyBoard.Wake]
  {
    var wakes: [ProxyBoard.Wake] = []
    for index in followings.indices {
      change(&followings[index])
      if !followings[index].isAwake { wakes.append(followings[index].wake) }
      followings[index].isAwake = true
    }
    return wakes
  }
}

extension ProxyConnection {
  /// - Returns: The responses that have been refused since.
  fileprivate mutating func take(
    _ types: ByType<ProxyStanding>,
    sent: ByType<TreeDictionary<String, Resource>>,
    progress: ByType<StreamProgress>,
    revision: Int
  ) -> [ProxyBoard.Refusal] {
    let refusals = refusals(before: types)
    self.types = types
    self.sent = sent
    self.progress = progress
    self.revision = revision
    return refusals
  }

  private func refusals(before next: ByType<ProxyStanding>) -> [ProxyBoard.Refusal] {
    next.compactMap { type, standing in
      guard let rejection = standing.rejection else { return nil }
      let former = types[type]
      if rejection == former?.rejection { return nil }
      return ProxyBoard.Refusal(node: node, type: type, acked: former?.acked, rejection: rejection)
    }
  }
}
