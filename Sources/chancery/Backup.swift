import AdminClient
import ArgumentParser
import Foundation
import Model
import NIOCore

struct Backup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Copy the running server's database, history and all, to a file.",
    discussion: """
      The copy is of one moment, and the server goes on meanwhile. To check it: chancery verify \
      FILE. To restore it, start Chancery on the file: chancery serve --database FILE
      """
  )

  @Argument(help: "The copy; there must be no such file.", completion: .file())
  var file: String

  @OptionGroup var client: ClientOptions

  func run() async throws {
    if FileManager.default.fileExists(atPath: file) {
      throw CommandFailure(.usage, "The file \(file) is there already. Name another.")
    }
    // What is not whole must not pass for a backup.
    let part = file + ".part"
    guard FileManager.default.createFile(atPath: part, contents: nil),
      let handle = FileHandle(forWritingAtPath: part)
    else { throw CommandFailure(.different, "The file \(part) cannot be written.") }
    do {
      let count = try await fetch(into: handle)
      try handle.synchronize()
      try handle.close()
      try FileManager.default.moveItem(atPath: part, toPath: file)
      let report: JSONValue = ["file": .string(file), "bytes": .integer(Int64(count))]
      Terminal.write(
        (client.output ?? .text).render(report) { "Wrote \(file), \(count) bytes.\n" }
      )
    } catch {
      try? FileManager.default.removeItem(atPath: part)
      throw error
    }
  }

  private func fetch(into handle: FileHandle) async throws -> Int {
    var call = AdminCall("GET", "/backup")
    call.patience = .hours(1)
    return try await Terminal.showingProgress("Copying") {
      try await AdminClient.with(client.settings) { server in
        var count = 0
        try await server.download(call) { piece in
          try handle.write(contentsOf: piece)
          count += piece.count
        }
        return count
      }
    }
  }
}
