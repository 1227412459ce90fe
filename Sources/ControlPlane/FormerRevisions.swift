import Model
import Publisher
import Store
import XDSCompiler

extension ConfigStore {
  /// What the last revisions before the head compiled to, newest first.
  ///
  /// Found by undoing one after the other, until time is up, one is too large for that to be quick,
  /// or this version of Chancery does not take it.
  func formerRevisions() -> [Publisher.Former] {
    guard var compiled = head.compiled else { return [] }
    var document = head.document
    var former: [Publisher.Former] = []
    let deadline = ContinuousClock.now + .milliseconds(250)
    for number in (1..<max(head.revision.number, 1)).reversed().prefix(Self.formerLimit) {
      guard ContinuousClock.now < deadline,
        let edits = try? edits(undoing: number + 1), edits.count <= Self.undoneLimit,
        let next = try? compiled.following(document.apply(edits), to: document)
      else { break }
      compiled = next
      former.append(Publisher.Former(revision: number, compiled: next))
    }
    return former
  }

  private static var formerLimit: Int { 256 }
  private static var undoneLimit: Int { 1000 }
}
