import Foundation
import HTTPTypes
import Hummingbird
import Model
import Publisher
import Store

/// The operations on who may call the API.
struct TokenRoutes: Sendable {
  let store: ConfigStore

  var operations: [Operation] {
    [
      Operation(.get, "/tokens", role: .admin, parameters: Page.parameters, handler: list),
      Operation(
        .post,
        "/tokens",
        role: .admin,
        parameters: [Flag.dryRun.rawValue],
        body: .required([.json]),
        handler: create
      ),
      Operation(.get, "/tokens/{name}", role: .admin, handler: read),
      Operation(
        .delete,
        "/tokens/{name}",
        role: .admin,
        parameters: [Flag.dryRun.rawValue],
        body: .none,
        handler: revoke
      ),
    ]
  }

  private func list(_ call: Call) -> Response {
    let now = Date()
    let all = Dictionary(store.tokens.tokens.map { ($0.name, $0) }) { $1 }
    let (items, last) = Page(call.query).items(of: all.keys.sorted()) { all[$0]?.json(at: now) }
    let revision = store.head.revision.number
    return Response(page: items, last: last, of: "/tokens", to: call, revision: revision)
  }

  private func read(_ call: Call) throws -> Response {
    Response(.ok, try token(of: call).json(at: Date()), to: call)
  }

  /// The token that a call is about.
  ///
  /// - Throws: A problem if there is none.
  private func token(of call: Call) throws -> Token {
    if let token = store.tokens.token(named: call.path("name")) { return token }
    throw Problem.notFound("token", call.path("name"))
  }

  private func create(_ call: Call) async throws -> Response {
    let now = Date()
    let wish = try TokenWish(call.content, at: now)
    if call.isDryRun { return try plan(wish, for: call) }
    let token = Token(
      name: wish.name,
      role: wish.role,
      createdAt: now,
      createdBy: call.author,
      expiresAt: wish.expiresAt
    )
    let secret = TokenSecret()
    do {
      try await store.create(token, secret)
    } catch let error as TokenExists {
      throw Problem.exists(error)
    }
    var response = Response(
      .created,
      token.json(at: now, with: secret),
      to: call,
      location: "/tokens/\(token.name)"
    )
    response.headers[.cacheControl] = "no-store"
    return response
  }

  /// What making a token would do: nothing to the document.
  private func plan(_ wish: TokenWish, for call: Call) throws -> Response {
    if let token = store.tokens.token(named: wish.name), token.revokedAt == nil {
      throw Problem.exists(TokenExists(name: wish.name))
    }
    return Plan(on: store.head.revision.number).response(to: call)
  }

  private func revoke(_ call: Call) async throws -> Response {
    if call.isDryRun {
      _ = try token(of: call)
      return Plan(on: store.head.revision.number).response(to: call)
    }
    guard try await store.revokeToken(call.path("name")) else {
      throw Problem.notFound("token", call.path("name"))
    }
    return Response(status: .noContent)
  }
}

extension Problem {
  fileprivate static func exists(_ error: TokenExists) -> Problem {
    let detail = "\(error)"
    return Problem(.exists, detail, flaws: [Flaw(.pointer("/name"), .exists, detail)])
  }
}
