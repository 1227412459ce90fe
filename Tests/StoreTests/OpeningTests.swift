import Foundation
import HashTreeCollections
import Model
import Testing

@testable import Store

@Suite struct OpeningTests {
  private let bench: Bench

  init() throws { bench = try Bench() }

  /// Expects that the file is refused for that reason, and that it and its folder are as before.
  private func expectRefusal(_ reason: String, _ location: SourceLocation = #_sourceLocation)
    throws
  {
    let before = try contents()
    let failure = #expect(throws: UnusableDatabase.self, sourceLocation: location) {
      try bench.open()
    }
    #expect(failure?.reason.contains(reason) == true, "\(failure)", sourceLocation: location)
    #expect(try contents() == before, sourceLocation: location)
  }

  private func contents() throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: bench.folder.path)
    return try Dictionary(
      uniqueKeysWithValues: names.map {
        ($0, try Data(contentsOf: bench.folder.appending(path: $0)))
      }
    )
  }

  private func write(_ data: Data) throws { try data.write(to: URL(fileURLWithPath: bench.path)) }

  /// A closed database of some size.
  private func fill() async throws -> Data {
    let store = try bench.open(seed: (0..<200).map { service("s\($0)", "10.0.0.1") })
    try await store.write(service("t"))
    try store.close()
    return try Data(contentsOf: URL(fileURLWithPath: bench.path))
  }

  @Test(arguments: ["services:\n  user-service: {}\n", "x", String(repeating: "x", count: 9000)])
  func `a file that is no SQLite database is left alone`(_ text: String) throws {
    try write(Data(text.utf8))
    try expectRefusal("It is no SQLite database.")
  }

  @Test(arguments: ["", "PRAGMA journal_mode = wal;", "PRAGMA application_id = 7;"])
  func `another application's database is left alone`(_ pragma: String) async throws {
    try await bench.run(pragma + "CREATE TABLE todo (item TEXT)")
    try expectRefusal("another application's")
  }

  @Test(arguments: [0.3, 0.5, 0.9])
  func `a database with a damaged page is left alone`(_ place: Double) async throws {
    var data = try await fill()
    let start = Int(Double(data.count) * place) / 4096 * 4096
    data.replaceSubrange(start..<start + 4096, with: Data(repeating: 0xa5, count: 4096))
    try write(data)
    try expectRefusal("It is damaged")
  }

  @Test func `a database that was cut off is left alone`() async throws {
    let data = try await fill()
    try write(data.prefix(data.count / 2))
    try expectRefusal("It is damaged")
  }

  @Test func `a newer version's database is left alone`() async throws {
    _ = try await fill()
    try await bench.run("PRAGMA user_version = 99")
    try expectRefusal("A newer version of Chancery wrote it: its schema is 99")
  }

  @Test func `a folder is no database`() throws {
    try FileManager.default.createDirectory(atPath: bench.path, withIntermediateDirectories: false)
    #expect(throws: UnusableDatabase.self) { try bench.open() }
  }

  @Test func `a missing folder is named`() throws {
    let path = bench.folder.appending(path: "missing/chancery.db").path
    let failure = #expect(throws: UnusableDatabase.self) { try bench.open(path) }
    #expect(failure?.reason.contains("There is no folder \(bench.folder.path)/missing.") == true)
  }

  @Test func `a place that cannot be written is told`() throws {
    let failure = #expect(throws: UnusableDatabase.self) { try bench.open("/proc/chancery.db") }
    #expect(failure?.reason.contains("Check their permissions.") == true)
  }

  @Test func `an empty file becomes a database`() throws {
    try write(Data())
    #expect(try bench.open().head.revision.number == 1)
  }

  @Test func `a refused seed makes no revision`() throws {
    #expect(throws: Refusal.self) { try bench.open(seed: [route("r", to: "missing")]) }
    #expect(try bench.open(seed: [service("s")]).head.document.services["s"] != nil)
  }

  @Test func `what the shell wrote before there was any revision is in the first`() async throws {
    #expect(throws: Refusal.self) { try bench.open(seed: [route("r", to: "missing")]) }
    try await bench.run("INSERT INTO service VALUES ('s', '{}')")
    let head = try bench.open(seed: [gateway("default", port: 8080)]).head
    #expect(head.revision.number == 1)
    #expect(head.document.objects.map(\.key.name) == ["default", "s"])
    #expect(head.compiled == head.objects)
  }

  @Test func `a path with odd characters is just a path`() throws {
    let path = bench.folder.appending(path: "a?b#c%20d e.db").path
    try bench.open(path).close()
    #expect(try bench.open(path).head.revision.number == 1)
    #expect(FileManager.default.fileExists(atPath: path))
  }
}
