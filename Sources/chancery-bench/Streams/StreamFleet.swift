import NIOCore
import NIOPosix

/// Streams of as many proxies to one server.
final class StreamFleet: Sendable {
  let events: StreamEvents
  private let plan: StreamPlan
  private let group: any EventLoopGroup
  private let cache: ReferenceCache
  private let channels: ChannelList

  init(_ plan: StreamPlan, on group: any EventLoopGroup, recording: Recording? = nil) {
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
          try plan.configure(channel, Array(numbers), cache, events)
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
