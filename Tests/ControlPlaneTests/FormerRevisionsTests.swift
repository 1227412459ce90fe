import Foundation
import Logging
import Model
import Publisher
import Snapshots
import Store
import Testing
import XDSCompiler

@testable import ControlPlane

/// What is known at start of the revisions before the head.
struct FormerRevisionsTests {
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

  @Test func `the clusters and listeners of the revisions before the head are known`() async throws
  {
    let folder = FileManager.default.temporaryDirectory.appending(path: "chancery-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try store(in: folder)
    var fleets = [try #require(store.head.compiled).fleets]
    for port in [8081, 8082, 8083] {
      let gateway = Gateway(port: port)
      try await write([(ObjectKey(.gateway, "g"), .gateway(gateway))], to: store)
      fleets.append(try #require(store.head.compiled).fleets)
    }
    let board = SnapshotBoard()
    Publisher(board: board, logger: logger).publish(store.head, after: store.formerRevisions())

    let view = try #require(board.view(of: "f", since: 0))
    #expect(view.snapshot.revision == 4)
    for fleets in fleets {
      let set = fleets["f"][.listener]
      let found = view.former.set(of: .listener, version: "\(set.fingerprint)")
      #expect(found?.fingerprint == set.fingerprint)
    }
    try store.close()
  }
}
