import Foundation
import HashTreeCollections
import Model
import Testing

@testable import Store

/// What is left when the process ends at any moment: the file, and the log up to some byte.
@Test func `whatever part of the log is left holds every write answered by then`() async throws {
  let bench = try Bench()
  let store = try bench.open(seed: [gateway("default", port: 8080)])
  var answered = [try bench.logLength(): 1]
  for index in 0..<20 {
    let number = try await store.write(service("s\(index)", "10.0.0.1")).head.revision.number
    answered[try bench.logLength()] = number
  }
  let end = try bench.logLength()
  for length in stride(from: try #require(answered.keys.min()), through: end, by: 1777) + [end] {
    let copy = try Bench()
    try bench.copy(to: copy, log: length)
    let head = try copy.open().head
    let expected = answered.filter { $0.key <= length }.values.max()
    #expect(head.revision.number == expected)
    #expect(head.document.names(of: .service).count == head.revision.number - 1)
    #expect(head.compiled == head.objects)
  }
}

@Test func `a damaged log loses no more than what it held`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  try await store.write(service("s"))
  try store.close()
  let again = try bench.open()
  try await again.write(service("t"))
  let copy = try Bench()
  try bench.copy(to: copy, log: try bench.logLength())
  try Data(repeating: 0xa5, count: 5000).write(to: URL(fileURLWithPath: copy.path + "-wal"))
  #expect(try copy.open().head.document.names(of: .service) == ["s"])
}

extension Bench {
  fileprivate func logLength() throws -> Int {
    try Data(contentsOf: URL(fileURLWithPath: path + "-wal")).count
  }

  fileprivate func copy(to other: Bench, log length: Int) throws {
    try Data(contentsOf: URL(fileURLWithPath: path)).write(to: URL(fileURLWithPath: other.path))
    try Data(contentsOf: URL(fileURLWithPath: path + "-wal")).prefix(length)
      .write(to: URL(fileURLWithPath: other.path + "-wal"))
  }
}
