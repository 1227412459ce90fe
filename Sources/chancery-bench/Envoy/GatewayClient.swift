import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// What a real Envoy answers, asked by one client with a connection of its own.
final class GatewayClient: Sendable {
  private let port: Int
  private let client: HTTPClient

  init(port: Int) {
    self.port = port
    var configuration = HTTPClient.Configuration()
    configuration.httpVersion = .http1Only
    // A second attempt would hide the first one's failure.
    configuration.connectionPool.retryConnectionEstablishment = false
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  /// The status that it answers a path with.
  func status(_ host: String, _ path: String) async throws -> Int {
    var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
    request.headers.replaceOrAdd(name: "host", value: host)
    let response = try await client.execute(request, timeout: .seconds(10))
    for try await _ in response.body {}
    return Int(response.status.code)
  }

  /// Asks again and again until it is answered with 200.
  func serves(_ host: String, _ path: String, within limit: Duration) async throws {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
      if try await status(host, path) == 200 { return }
    }
    throw NotServed(host: host, path: path, limit: limit)
  }

  /// The same, where nobody may listen yet.
  func starts(_ host: String, _ path: String) async throws {
    let end = ContinuousClock.now + .seconds(60)
    while (try? await status(host, path)) != 200 {
      if ContinuousClock.now > end { throw NotServed(host: host, path: path, limit: .seconds(60)) }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  func close() async throws { try await client.shutdown() }
}

/// A change did not come through.
struct NotServed: Error, CustomStringConvertible {
  var host: String
  var path: String
  var limit: Duration

  var description: String { "Envoy did not serve \(host)\(path) within \(limit)." }
}
