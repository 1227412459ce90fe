import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import NIOSSL

/// Streams of as many proxies to one server.
final class StreamFleet: Sendable {
  /// How there are to be.
  struct Plan: Sendable {
    var host: String
    var port: Int
    var dialect: Dialect
    var streams: Int
    /// Shared evenly by the streams.
    var connections: Int
    /// `node.cluster` of all.
    var fleet: String
    var tls: NIOSSLContext?

    init(
      _ target: FanoutTarget,
      _ dialect: Dialect,
      streams: Int,
      connections: Int,
      fleet: String = ""
    ) {
      (host, port, tls) = (target.host, target.port, target.tls)
      self.dialect = dialect
      self.streams = streams
      self.connections = connections
      self.fleet = fleet
    }
  }

  let events: StreamEvents
  private let plan: Plan
  private let group: any EventLoopGroup
  private let cache: ReferenceCache
  private let channels: ChannelList

  init(_ plan: Plan, on group: any EventLoopGroup, recording: Recording? = nil) {
    self.plan = plan
    self.group = group
    events = StreamEvents(streams: plan.streams, recording: recording)
    cache = ReferenceCache(plan.dialect)
    channels = ChannelList()
  }

  /// Connects all at once and waits until all have what they asked for.
  ///
  /// - Returns: When each had, counted from the beginning.
  func connect() async throws -> [Duration] {
    try await events.times(of: nil, on: group.any(), within: .seconds(300)) {
      for index in 0..<plan.connections { connect(index) }
    }
  }

  /// Does what makes a change, and waits until all have received it.
  ///
  /// - Returns: When each had, counted from the change's start.
  func times(of change: AwaitedChange, _ body: () async throws -> Void) async throws -> [Duration] {
    try await events.times(of: change, on: group.any(), within: .seconds(60), body)
  }

  func close() { channels.closeAll() }

  private func connect(_ index: Int) {
    let numbers = stride(from: index, to: plan.streams, by: plan.connections)
    let bootstrap = ClientBootstrap(group: group)
      .channelOption(.socketOption(.tcp_nodelay), value: 1)
      .connectTimeout(.seconds(120))
      .channelInitializer { [plan, cache, events] channel in
        channel.eventLoop.makeCompletedFuture {
          let settings = [
            HTTP2Setting(parameter: .enablePush, value: 0),
            HTTP2Setting(parameter: .initialWindowSize, value: StreamsHandler.window),
          ]
          let streams = numbers.map { plan.stream($0, cache, events) }
          try plan.secure(channel)
          try channel.pipeline.syncOperations.addHandlers(
            NIOHTTP2Handler(mode: .client, initialSettings: settings),
            StreamsHandler(
              streams,
              headers: plan.headers,
              events: events
            )
          )
        }
      }
    bootstrap.connect(host: plan.host, port: plan.port).whenComplete { [channels, events] result in
      switch result {
      case .success(let channel): channels.add(channel)
      case .failure(let error): events.failed(error)
      }
    }
  }
}

extension StreamFleet.Plan {
  fileprivate func secure(_ channel: any Channel) throws {
    guard let tls else { return }
    let isAddress = (try? SocketAddress(ipAddress: host, port: port)) != nil
    try channel.pipeline.syncOperations.addHandler(
      NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : host)
    )
  }

  /// Of each stream's request.
  fileprivate var headers: HPACKHeaders {
    [
      ":method": "POST", ":scheme": tls == nil ? "http" : "https", ":path": dialect.path,
      ":authority": "\(host):\(port)", "content-type": "application/grpc", "te": "trailers",
    ]
  }

  fileprivate func stream(
    _ number: Int,
    _ cache: ReferenceCache,
    _ events: StreamEvents
  ) -> ProxyStream {
    let node = RequestFormat.node("bench-\(number + 1)", fleet: fleet)
    return ProxyStream(
      ProxyDialogue(RequestFormat(dialect: dialect), node: node, cache: cache),
      events: events
    )
  }
}
