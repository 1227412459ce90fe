import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// A request that the load sends again and again.
struct Target: Hashable, Sendable, CustomStringConvertible {
  var host: String
  var path: String

  var description: String { host + path }
}

/// One request of the load, and what came of it.
struct Attempt: Sendable {
  var target: Target
  var started: ContinuousClock.Instant
  var ended: ContinuousClock.Instant
  /// The name of the upstream that answered with 200, or nil.
  var upstream: String?
  /// What came instead.
  var fault: String?
}

/// Clients that send requests without pause through a gateway, each on a connection of its own.
final class Load: Sendable {
  private let port: Int
  private let targets: [Target]
  private let clients: Int
  private let isOver = Flag()
  private let count = Mutex(0)

  /// The first of the clients opens a connection for each request, the others keep theirs for
  /// hundreds.
  init(port: Int, targets: [Target], clients: Int = 8) {
    self.port = port
    self.targets = targets
    self.clients = clients
  }

  /// How many requests were answered, or failed.
  var sent: Int { count.withLock { $0 } }

  /// Sends requests until the body has ended.
  func during(_ body: () async throws -> Void) async -> (attempts: [Attempt], error: (any Error)?) {
    await withTaskGroup(of: [Attempt].self) { group in
      for client in 0..<clients { group.addTask { await self.send(client) } }
      var failure: (any Error)?
      do { try await body() } catch { failure = error }
      isOver.raise()
      return (await group.reduce(into: []) { $0 += $1 }, failure)
    }
  }

  private func send(_ client: Int) async -> [Attempt] {
    let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .singleConnection)
    var attempts: [Attempt] = []
    var turn = client
    while !isOver.isRaised {
      turn += 1
      let isLast = client == 0 || turn.isMultiple(of: 500)
      attempts.append(await attempt(targets[turn % targets.count], http, closing: isLast))
      count.withLock { $0 += 1 }
    }
    try? await http.shutdown()
    return attempts
  }

  private func attempt(_ target: Target, _ http: HTTPClient, closing: Bool) async -> Attempt {
    var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(target.path)")
    request.headers.replaceOrAdd(name: "host", value: target.host)
    if closing { request.headers.replaceOrAdd(name: "connection", value: "close") }
    let started = ContinuousClock.now
    do {
      let answer = try await Answer(http.execute(request, timeout: .seconds(10)))
      return Attempt(target, from: started, answer)
    } catch {
      return Attempt(target: target, started: started, ended: .now, fault: "\(error)")
    }
  }
}

extension Attempt {
  fileprivate init(_ target: Target, from start: ContinuousClock.Instant, _ answer: Answer) {
    self.init(target: target, started: start, ended: .now)
    let words = answer.text.split(separator: " ")
    if answer.status == 200, words.count == 2, words[1] == target.path {
      upstream = String(words[0])
    } else {
      fault = "\(answer.status) \(answer.text.prefix(100))"
    }
  }
}

extension HTTPClient.Configuration {
  /// Without the second attempts that would hide a port at which nobody listens for a moment.
  fileprivate static var singleConnection: Self {
    var configuration = Self()
    configuration.httpVersion = .http1Only
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1
    configuration.connectionPool.retryConnectionEstablishment = false
    return configuration
  }
}
