import Foundation
import Testing

extension Chancery {
  /// Runs `chancery` against this server, and expects that it ends so.
  @discardableResult
  func expect(
    _ status: Int32,
    _ arguments: String...,
    input: String = "",
    at location: SourceLocation = #_sourceLocation
  ) async throws -> CommandResult {
    let result = try await Self.run(
      arguments,
      environment: ["CHANCERY_SERVER": "http://127.0.0.1:\(adminPort)"],
      input: input
    )
    #expect(
      result.status == status,
      "\(arguments): \(result.output)\(result.errors)",
      sourceLocation: location
    )
    return result
  }
}

extension CommandResult {
  /// A member of the output, if that is a JSON object.
  subscript(member: String) -> Any? {
    let object = try? JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
    return object?[member]
  }
}
