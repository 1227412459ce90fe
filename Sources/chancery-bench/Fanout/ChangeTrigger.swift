import AdminClient
import Foundation

/// Makes a server send a change to its streams.
protocol ChangeTrigger: Sendable {
  /// What streams recognize the change with that number by; another one for each.
  func mark(_ number: Int) -> [UInt8]

  /// Makes the change with that number.
  ///
  /// Returns when the server says that it is made, which may be after streams received it.
  func send(_ number: Int) async throws
}

extension ChangeTrigger {
  func mark(_ number: Int) -> [UInt8] { Array(ChangeText.address(number).utf8) }

  func change(_ number: Int) -> AwaitedChange {
    AwaitedChange(number: number, mark: mark(number))
  }
}

/// Any call of any server, made from templates.
struct CallTrigger: ChangeTrigger {
  var client: AdminClient
  var method: String
  var path: String
  var headers: [String: String]
  var body: String?

  func send(_ number: Int) async throws {
    var call = AdminCall(method, filled(path, number))
    call.headers = headers
    call.body = body.map { Array(filled($0, number).utf8) }
    _ = try await client.send(call)
  }

  private func filled(_ template: String, _ number: Int) -> String {
    template.replacingOccurrences(of: "{address}", with: ChangeText.address(number))
      .replacingOccurrences(of: "{number}", with: "\(number)")
  }
}

/// A line of input for a bare server.
struct LineTrigger: ChangeTrigger {
  var lines: FileHandle

  func send(_ number: Int) async throws {
    try lines.write(contentsOf: Data((ChangeText.address(number) + "\n").utf8))
  }
}
