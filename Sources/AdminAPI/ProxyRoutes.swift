import Hummingbird
import Model
import Publisher
import Store

/// The operations on what proxies have and did.
struct ProxyRoutes: Sendable {
  let store: ConfigStore
  let proxies: ProxyLedger

  var operations: [Operation] {
    [
      Operation(
        .get,
        "/proxies",
        parameters: Page.parameters.union(ProxyFilter.parameters),
        handler: list
      ),
      Operation(.get, "/proxies/{id}", handler: read),
      Operation(.get, "/proxies/{id}/config", handler: config),
      Operation(
        .get,
        "/revisions/{number}/rollout",
        parameters: Page.parameters,
        handler: rollout
      ),
    ]
  }

  private func list(_ call: Call) async throws -> Response {
    let filter = ProxyFilter(call.query)
    let (found, last) = Page(call.query).items(of: proxies.proxies.filter(filter.selects))
    var blame = Blame(store)
    var items: [JSONValue] = []
    for proxy in found { items.append(try await proxy.json(&blame)) }
    let revision = store.head.revision.number
    return Response(page: items, last: last, of: "/proxies", to: call, revision: revision)
  }

  private func read(_ call: Call) async throws -> Response {
    var blame = Blame(store)
    return Response(.ok, try await proxy(call).json(&blame), to: call)
  }

  private func config(_ call: Call) throws -> Response {
    let proxy = try proxy(call)
    guard !proxy.streams.isEmpty else {
      throw Problem(
        .offline,
        "The proxy \"\(proxy.id)\" is not connected, and what it has is known only of those that"
          + " are. GET /xds/{type}?fleet= tells what it will be sent."
      )
    }
    let members: JSONValue = [
      "id": .string(proxy.id),
      "fleet": .string(proxy.fleet),
      "types": try proxy.holdings(),
    ]
    return Response(.ok, members, to: call)
  }

  private func proxy(_ call: Call) throws -> Proxy {
    if let proxy = proxies.proxy(call.path("id")) { return proxy }
    throw Problem.notFound("proxy", call.path("id"))
  }

  private func rollout(_ call: Call) async throws -> Response {
    let number = try call.number()
    guard (1...store.head.revision.number).contains(number) else {
      throw Problem.noSuchRevision(call.path("number"))
    }
    let rollout = proxies.rollout(of: number)
    let (shown, last) = Page(call.query).items(of: rollout.proxies)
    var blame = Blame(store)
    return Response(
      page: rollout.members(listing: try await Rollout.json(of: shown, &blame)),
      last: last,
      of: "/revisions/\(number)/rollout",
      to: call,
      revision: number
    )
  }
}
