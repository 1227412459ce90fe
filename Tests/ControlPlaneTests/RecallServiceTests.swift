import Foundation
import Logging
import Model
import Publisher
import Snapshots
import Store
import Testing
import XDSCompiler

@testable import ControlPlane

/// What is known after a start of the revisions before the head.
struct RecallServiceTests {
  let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  private func store(in folder: URL) throws -> ConfigStore {
    try ConfigStore(
      path: folder.appending(path: "chancery.db").path,
      seed: [(ObjectKey(.gateway, "g"), .gateway(Gateway(port: 8080)))],
      logger: logger,
      gate: { change, document, former throws(Refusal) in
        guard let former else { return try Compilation(of: document) }
        return try former.following(change, to: document)
      },
      committed: { _ in }
    )
  }

  private func write(_ edits: [ObjectEdit], to store: ConfigStore) async throws {
    _ = try await store.write(WriteRequest(author: "ada") { _ in edits })
  }

  /// Moves a gateway from port to port, and recalls that.
  ///
  /// - Returns: The board, and the fleets of all revisions, oldest first.
  private func recalled(_ ports: ClosedRange<Int>) async throws -> (SnapshotBoard, [FleetSnapshots])
  {
    let folder = FileManager.default.temporaryDirectory.appending(path: "chancery-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try store(in: folder)
    var fleets = [try #require(store.head.compiled).fleets]
    for port in ports {
      let gateway = Gateway(port: port)
      try await write([(ObjectKey(.gateway, "g"), .gateway(gateway))], to: store)
      fleets.append(try #require(store.head.compiled).fleets)
    }
    let board = SnapshotBoard(recalls: true)
    let publisher = Publisher(board: board, logger: logger)
    publisher.publish([store.head])
    let service = RecallService(store: store, publisher: publisher, timeLimit: .seconds(600))
    // What is written meanwhile changes nothing of what was before.
    try await write([(ObjectKey(.gateway, "new"), .gateway(Gateway(port: 1)))], to: store)
    publisher.publish([store.head])
    #expect(board.view(of: "f", since: 0)?.former.isComplete == false)
    await service.recall()
    try store.close()
    return (board, fleets)
  }

  private func isKnown(_ fleets: FleetSnapshots, on board: SnapshotBoard) -> Bool {
    let set = fleets["f"][.listener]
    let former = board.view(of: "f", since: 0)?.former
    return former?.set(of: .listener, version: "\(set.fingerprint)")?.fingerprint
      == set.fingerprint
  }

  @Test func `the clusters and listeners of the revisions before the head are known`() async throws
  {
    let (board, fleets) = try await recalled(8081...8083)
    let view = try #require(board.view(of: "f", since: 0))
    #expect(view.snapshot.revision == 5)
    #expect(view.former.isComplete)
    for fleets in fleets { #expect(isKnown(fleets, on: board)) }
  }

  @Test func `it ends where the board has no more room`() async throws {
    let (board, fleets) = try await recalled(8081...8220)
    #expect(fleets.map { isKnown($0, on: board) }.count(where: \.self) == 127)
    #expect(isKnown(fleets[fleets.endIndex - 127], on: board))
    #expect(board.view(of: "f", since: 0)?.former.isComplete == true)
  }

  @Test func `a log line that names it does not hold the document`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "chancery-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try store(in: folder)
    let publisher = Publisher(board: SnapshotBoard(), logger: logger)
    #expect("\(RecallService(store: store, publisher: publisher))" == "RecallService")
    try store.close()
  }
}
