import HTTPTypes
import Hummingbird
import Model
import Publisher

/// Holds the answers to writes until proxies have what was written, for clients that ask for it by
/// `Prefer: wait=SECONDS`.
///
/// The write is committed before the wait, and stands however that ends.
struct Waiting: Sendable {
  let store: ConfigStore
  let proxies: ProxyLedger

  /// The operation with its answers held.
  func holding(_ operation: Operation) -> Operation { operation.followed(by: hold) }

  private func hold(_ response: Response, to call: Call) async -> Response {
    guard let seconds = Preferences(call.headers).wait, !call.isDryRun,
      response.status.kind == .successful,
      let revision = response.headers[.chanceryRevision].flatMap({ Int($0) })
    else { return response }
    let rollout = await rollout(of: revision, within: seconds, of: call)
    guard rollout.isComplete else { return await accepted(rollout, after: response, to: call) }
    var response = response
    response.headers[.preferenceApplied] = "wait=\(seconds)"
    return response
  }

  /// How far the proxies are when all have it, one refused it, the time is over, the server stops, or
  /// the client is gone.
  private func rollout(of revision: Int, within seconds: Int, of call: Call) async -> Rollout {
    guard let departure = call.departure else {
      return await proxies.wait(for: revision, atMost: .seconds(seconds))
    }
    return await withTaskGroup(of: Void.self) { group in
      group.addTask { _ = await proxies.wait(for: revision, atMost: .seconds(seconds)) }
      group.addTask { for await _ in departure {} }
      await group.next()
      group.cancelAll()
      await group.waitForAll()
      return proxies.rollout(of: revision)
    }
  }

  private func accepted(
    _ rollout: Rollout,
    after response: Response,
    to call: Call
  ) async -> Response {
    var blame = Blame(store)
    // The write stands, so its answer does not fail for want of details.
    let detail = try? await rollout.json(&blame)
    var accepted = Response(
      .accepted,
      [
        "revision": .integer(Int64(rollout.revision)),
        "rollout": detail ?? rollout.json,
      ],
      to: call,
      revision: rollout.revision
    )
    accepted.headers[.link] = "</revisions/\(rollout.revision)/rollout>; rel=\"status\""
    accepted.headers[.eTag] = response.headers[.eTag]
    accepted.headers[.location] = response.headers[.location]
    return accepted
  }
}
