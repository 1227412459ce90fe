import Model
import Store

extension Store<SampleHistory.Compiled> {
  /// Writes revisions until there are so many, a lot of them in one transaction.
  func write(
    revisions: Int,
    _ edits: @escaping @Sendable (_ number: Int, Document) -> [ObjectEdit]
  ) async throws {
    var next = 2
    while next <= revisions {
      let group = next..<Swift.min(next + 250, revisions + 1)
      try await write(group, edits)
      if (next - 2) % 10_000 == 0 { Terminal.report("\(next - 1) of \(revisions) revisions") }
      next = group.upperBound
    }
    Terminal.report("\(head.revision.number) of \(revisions) revisions")
  }

  private func write(
    _ numbers: Range<Int>,
    _ edits: @escaping @Sendable (Int, Document) -> [ObjectEdit]
  ) async throws {
    try await withThrowingTaskGroup { group in
      for number in numbers {
        group.addTask {
          _ = try await self.write(
            WriteRequest(author: "bench", message: "Change \(number).") { head in
              edits(number, head.document)
            }
          )
        }
      }
      try await group.waitForAll()
    }
  }
}
