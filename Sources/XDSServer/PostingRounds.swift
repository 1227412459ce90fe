import NIOCore
import Snapshots
import Synchronization

/// Tells the streams of each event loop of postings.
///
/// A posting wakes an event loop once, however many streams it has, and all those of a fleet that are
/// up to date look at the board once.
final class PostingRounds: Sendable {
  private let board: SnapshotBoard
  private let rounds = Mutex<[ObjectIdentifier: PostingRound]>([:])

  init(board: SnapshotBoard) { self.board = board }

  func round(on eventLoop: any EventLoop) -> PostingRound {
    rounds.withLock { rounds in
      let id = ObjectIdentifier(eventLoop)
      if let round = rounds[id] { return round }
      let round = PostingRound(on: eventLoop, board: board)
      rounds[id] = round
      return round
    }
  }
}

/// Those of one event loop.
///
/// All but what the board calls happens on that loop.
final class PostingRound: Sendable {
  private struct State {
    var streams: [Int: DiscoveryStream] = [:]
    var last = 0
    var reader: SnapshotBoard.Reader?
  }

  private let eventLoop: any EventLoop
  private let board: SnapshotBoard
  private let state: NIOLoopBoundBox<State>
  private let isDue = Atomic(false)

  init(on eventLoop: any EventLoop, board: SnapshotBoard) {
    self.eventLoop = eventLoop
    self.board = board
    state = .makeBoxSendingValue(State(), eventLoop: eventLoop)
  }

  func add(_ stream: DiscoveryStream) -> Int {
    state.value.last += 1
    state.value.streams[state.value.last] = stream
    if state.value.reader == nil {
      state.value.reader = board.addReader { [weak self] in self?.wake() }
    }
    return state.value.last
  }

  func remove(_ id: Int) {
    state.value.streams[id] = nil
    guard state.value.streams.isEmpty, let reader = state.value.reader else { return }
    board.removeReader(reader)
    state.value.reader = nil
  }

  private func wake() {
    if isDue.exchange(true, ordering: .acquiringAndReleasing) { return }
    eventLoop.execute { [self] in
      isDue.store(false, ordering: .releasing)
      var views = SharedViews(board: board)
      for stream in state.value.streams.values { stream.posted(&views) }
    }
  }
}

/// What streams see of the board within one turn of an event loop: each look is shared by all that
/// would see the same.
struct SharedViews {
  private struct Look: Hashable {
    var fleet: String
    var since: Int
    var hostwise: Bool
  }

  private let board: SnapshotBoard
  private var views: [Look: SnapshotBoard.View?] = [:]

  init(board: SnapshotBoard) { self.board = board }

  /// What the board has for streams of a fleet and a kind.
  mutating func view(of fleet: String, since: Int, hostwise: Bool) -> SnapshotBoard.View? {
    let look = Look(fleet: fleet, since: since, hostwise: hostwise)
    if let view = views[look] { return view }
    let view = board.view(of: fleet, since: since, hostwise: hostwise)
    views[look] = .some(view)
    return view
  }
}
