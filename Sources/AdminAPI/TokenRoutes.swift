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
      Operation(.get, "/tokens", role: .admin, handler: list),
      Operation(.post, "/tokens", role: .admin, body: .required([.json]), handler: create),
      Operation(.get, "/tokens/{name}", role: .admin, handler: read),
      Operation(.delete, "/tokens/{name}", role: .admin, body: .none, handler: revoke),
    ]
  }

  private func list(_ call: Call) -> Response {
    let now = Date()
    let items = store.tokens.tokens.map { $0.json(at: now) }
    return Response(.ok, ["items": .array(items)], to: call)
  }

  private func read(_ call: Call) throws -> Response {
    guard let token = store.tokens.tokens.first(where: { $0.name == call.path("name") }) else {
      throw Problem.notFound("token", call.path("name"))
    }
    return Response(.ok, token.json(at: Date()), to: call)
  }

  private func create(_ call: Call) async throws -> Response {
    let now = Date()
    let wish = try TokenWish(call.content, at: now)
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
      let detail = "\(error)"
      throw Problem(.exists, detail, flaws: [.init(.pointer("/name"), .exists, detail)])
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

  private func revoke(_ call: Call) async throws -> Response {
    guard try await store.revokeToken(call.path("name")) else {
      throw Problem.notFound("token", call.path("name"))
    }
    return Response(status: .noContent)
  }
}
