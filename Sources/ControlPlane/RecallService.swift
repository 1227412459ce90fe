import Model
import Publisher
import ServiceLifecycle
import Store
import XDSCompiler

/// Finds, after a start, what the last revisions before the head compiled to.
///
/// Proxies that connect again in state of the world and name an older version wait for it; nobody
/// else does.
struct RecallService: ServiceLifecycle.Service, CustomStringConvertible {
  /// The group of services names each by this; by default it would print the whole document.
  var description: String { "RecallService" }

  private let publisher: Publisher
  private let store: ConfigStore
  private let head: Head<Compilation>
  /// How long a proxy may have to wait.
  private let timeLimit: Duration

  /// Goes back from what is the head now, which is what the publisher has posted.
  init(store: ConfigStore, publisher: Publisher, timeLimit: Duration = .seconds(5)) {
    self.store = store
    self.publisher = publisher
    self.timeLimit = timeLimit
    head = store.head
  }

  func run() async throws {
    await recall()
    try? await gracefulShutdown()
  }

  /// Undoes one revision after the other, until there is no room for more on the board, it was done
  /// often or long enough, one is too large for that to be quick, or this version of Chancery does
  /// not take it.
  func recall() async {
    defer { publisher.endRecall() }
    guard var compiled = head.compiled else { return }
    var document = head.document
    let deadline = ContinuousClock.now + timeLimit
    for number in (1..<max(head.revision.number, 1)).reversed().prefix(Self.countLimit) {
      guard ContinuousClock.now < deadline, !Task.isCancelled, !Task.isShuttingDownGracefully,
        let edits = try? store.stepBack(from: number + 1), edits.count <= Self.undoneLimit,
        let former = try? compiled.following(document.apply(edits), to: document)
      else { return }
      compiled = former
      guard publisher.recall(former, of: number) else { return }
      await Task.yield()
    }
  }

  private static let countLimit = 1024
  private static let undoneLimit = 1000
}
