import AdminClient
import Foundation

/// Makes a server send a change to its streams.
protocol ChangeTrigger: Sendable {
  /// Returns when the server says that it is made, which may be after streams received it.
  ///
  /// - Parameters:
  ///   - number: Another one in each change.
  ///   - text: What streams recognize it by: an IPv4 address.
  func send(_ number: Int, _ text: String) async throws
}

/// Gives one service of a sample document another endpoint, in turn.
struct EndpointTrigger: ChangeTrigger {
  var client: AdminClient
  var document: SampleDocument

  func send(_ number: Int, _ text: String) async throws {
    let index = number &* 7919 % document.services
    _ = try await client.send(
      AdminCall(
        "PUT",
        "/services/\(SampleDocument.name(index))",
        document.service(index, change: number, first: text)
      )
    )
  }
}

/// Any call of any server, made from templates.
struct CallTrigger: ChangeTrigger {
  var client: AdminClient
  var method: String
  var path: String
  var headers: [String: String]
  var body: String?

  func send(_ number: Int, _ text: String) async throws {
    func filled(_ template: String) -> String {
      template.replacingOccurrences(of: "{address}", with: text)
        .replacingOccurrences(of: "{number}", with: "\(number)")
    }
    var call = AdminCall(method, filled(path))
    call.headers = headers
    call.body = body.map { Array(filled($0).utf8) }
    _ = try await client.send(call)
  }
}

/// A line of input for a bare server.
struct LineTrigger: ChangeTrigger {
  var lines: FileHandle

  func send(_ number: Int, _ text: String) async throws {
    try lines.write(contentsOf: Data((text + "\n").utf8))
  }
}
