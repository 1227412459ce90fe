import Foundation
import Model
import Testing

@testable import Store

@Suite struct VerificationTests {
  private let bench: Bench

  init() async throws {
    bench = try Bench()
    let store = try bench.open(seed: [gateway("default", port: 8080)])
    try await store.write(service("s", "10.0.0.1", "10.0.0.2"), route("r", to: "s"))
    try await store.write(service("s", "10.0.0.3"))
    try await bench.run(
      "DELETE FROM route; DELETE FROM service; INSERT INTO service VALUES ('t', '{}')"
    )
    _ = try await store.takeUpDirectWrites()
    try store.close()
  }

  @Test func `a sound database has no problems`() throws {
    let verification = try Verification(ofDatabaseAt: bench.path)
    #expect(verification == .init(revisions: 4, objects: 2, problems: []))
  }

  @Test func `what a shell wrote and nobody took up yet is sound`() async throws {
    try await bench.run("INSERT INTO service VALUES ('u', '{}')")
    #expect(try Verification(ofDatabaseAt: bench.path).problems == [])
  }

  @Test(
    arguments: [
      (
        "UPDATE history SET body = '{\"a\":1}' WHERE kind = 'service' AND name = 't'",
        "history_kept", "service \"t\""
      ),
      (
        "UPDATE history SET valid_from = 9 WHERE kind = 'service' AND name = 't'",
        "history_kept", "1 rows"
      ),
      ("DELETE FROM history WHERE valid_from = 3", "history_not_deleted", "Revision 3"),
      ("DELETE FROM revision WHERE number = 2", "revision_not_deleted", "Revision 2 is missing"),
      ("UPDATE revision SET added = 7 WHERE number = 2", "revision_kept", "Revision 2"),
    ]
  )
  func `a history that does not lead to the present is told`(
    sql: String,
    trigger: String,
    problem: String
  ) async throws {
    try await bench.run(sql + ";", without: trigger)
    let problems = try Verification(ofDatabaseAt: bench.path).problems
    #expect(problems.contains { $0.contains(problem) }, "\(problems)")
  }

  @Test func `a damaged file is told`() throws {
    let file = try FileHandle(forUpdating: URL(filePath: bench.path))
    try file.seek(toOffset: 4096)
    try file.write(contentsOf: Data(repeating: 7, count: 8192))
    try file.close()
    #expect(try !Verification(ofDatabaseAt: bench.path).problems.isEmpty)
  }

  @Test func `another application's file is refused`() throws {
    try Data(repeating: 1, count: 5000).write(to: URL(filePath: bench.path))
    #expect(throws: UnusableDatabase.self) { try Verification(ofDatabaseAt: bench.path) }
  }

  @Test func `a copy made while writes go on is one sound file`() async throws {
    let store = try bench.open()
    let copy = bench.folder.appending(path: "copy.db").path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<50 { group.addTask { _ = try await store.write(service("n\(index)")) } }
      group.addTask { try await store.backUp(to: copy) }
      try await group.waitForAll()
    }
    #expect(!FileManager.default.fileExists(atPath: copy + "-wal"))
    let verification = try Verification(ofDatabaseAt: copy)
    #expect(verification.problems == [])
    #expect((4...54).contains(verification.revisions))
    #expect(try bench.open(copy).head.revision.number == verification.revisions)
  }
}
