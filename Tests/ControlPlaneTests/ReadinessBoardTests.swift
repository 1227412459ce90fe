import Model
import Store
import Testing

@testable import ControlPlane

@Suite struct ReadinessBoardTests {
  private let board = ReadinessBoard()
  private let head = Head<Int>(
    revision: Revision(number: 7, kind: .change, author: "ada", at: "2030-01-01T00:00:00.000Z"),
    document: Document(),
    compiled: 1
  )

  @Test func `it is not ready until xDS listens`() {
    #expect(board.reasons(head: head, trouble: nil) == ["xDS does not listen yet."])
    _ = board.note(.admin)
    #expect(board.reasons(head: head, trouble: nil) == ["xDS does not listen yet."])
    _ = board.note(.xds)
    #expect(board.reasons(head: head, trouble: nil) == [])
  }

  @Test func `it is not ready while the database is not to be had, or not servable`() {
    _ = board.note(.xds)
    #expect(board.reasons(head: head, trouble: "The file is gone.") == ["The file is gone."])
    var refused = head
    refused.refusal = Refusal(.invalid, [Fault("/routes/r", .invalidValue, "Refused.")])
    let reasons = board.reasons(head: refused, trouble: nil)
    #expect(reasons.count == 2)
    #expect(reasons.first?.contains("Revision 7") == true)
    #expect(reasons.last == "/routes/r: Refused.")
  }

  @Test func `that everything is ready is told once`() {
    #expect(!board.note(.xds))
    #expect(board.note(.admin))
    #expect(!board.note(.xds))
  }
}
