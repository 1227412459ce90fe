import AdminClient
import ArgumentParser
import Foundation
import Model
import Store

/// Where the tokens are: in a database's file, or behind a server that manages them.
struct TokenPlace: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The database's file. Environment: CHANCERY_DATABASE. (default: chancery.db)",
      valueName: "path"
    ),
    completion: .file()
  )
  var database: String?

  @OptionGroup var client: ClientOptions

  func validate() throws {
    if database != nil, client.server != nil {
      throw ValidationError("Give --database or --server, not both.")
    }
  }

  /// Whether a server is to be asked, and not the file.
  private var isServed: Bool {
    database == nil && client.isAddressed
  }

  private var path: String {
    database ?? ProcessInfo.processInfo.environment["CHANCERY_DATABASE"] ?? "chancery.db"
  }

  /// All tokens, as the API tells them.
  func tokens() async throws -> [JSONValue] {
    if isServed { return try await servedTokens() }
    return try withFile { file in try file.tokens().map { $0.json(at: Date()) } }
  }

  private func servedTokens() async throws -> [JSONValue] {
    var tokens: [JSONValue] = []
    var page = ""
    while true {
      let path = "/tokens?page_size=1000\(page)"
      let content = try await client.send(AdminCall("GET", path)).content
      tokens += content["items"]?.elements ?? []
      // A page token is of letters that stand for themselves in a URL.
      guard let next = content["next_page_token"]?.string else { return tokens }
      page = "&page_token=\(next)"
    }
  }

  /// Makes a token; the answer has what it is.
  func create(_ name: String, _ role: Role, until end: Date?) async throws -> JSONValue {
    try Self.check(name)
    if isServed { return try await ask(for: name, role, until: end) }
    let now = Date()
    let secret = TokenSecret()
    let token = Token(
      name: name,
      role: role,
      createdAt: now,
      createdBy: "command",
      expiresAt: end
    )
    try withFile { try $0.create(token, secret) }
    return token.json(at: now, with: secret)
  }

  private func ask(for name: String, _ role: Role, until end: Date?) async throws -> JSONValue {
    let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    let wish: JSONValue = [
      "name": .string(name),
      "role": .string(role.rawValue),
      "expires_at": end.map { .string($0.formatted(format)) } ?? .null,
    ]
    return try await client.send(AdminCall("POST", "/tokens", wish)).content
  }

  func revoke(_ name: String) async throws {
    try Self.check(name)
    if isServed {
      _ = try await client.send(AdminCall("DELETE", "/tokens/\(name)"))
      return
    }
    guard try withFile({ try $0.revokeToken(name) }) else {
      throw CommandFailure(.conflict, "There is no token \"\(name)\" in \(path).")
    }
  }

  private static func check(_ name: String) throws {
    if !Name.isValid(name) { throw CommandFailure(.usage, Name.rule) }
    if Token.reservedNames.contains(name) {
      throw CommandFailure(.usage, "No token can be called \"\(name)\": it means somebody else.")
    }
  }

  private func withFile<Value>(_ body: (TokenFile) throws -> Value) throws -> Value {
    do {
      return try body(TokenFile(path: path))
    } catch let error as TokenExists {
      throw CommandFailure(.conflict, "\(error)")
    } catch let error as UnusableDatabase {
      throw CommandFailure(.different, "\(error)")
    } catch let error as StoreUnavailable {
      throw CommandFailure(.different, error.reason)
    }
  }
}

extension ClientOptions {
  /// Whether anything says which server to ask, or how to get in there.
  fileprivate var isAddressed: Bool {
    let environment = ProcessInfo.processInfo.environment
    return server != nil || token != nil || tokenFile != nil
      || environment["CHANCERY_SERVER"] != nil
  }
}
