import EventLoopGRPC
import Logging
import NIOCore
import Snapshots
import XDSSession

/// Envoy's discovery services over gRPC, the aggregated one and those of one type: runs one session
/// per stream.
///
/// Source: Envoy, "xDS REST and gRPC protocol".
struct DiscoveryService: Sendable {
  let board: SnapshotBoard
  let proxies: ProxyBoard
  let streams: OpenStreams
  let logger: Logger
  let metrics: StreamMetrics
  /// How long a client may leave a response unread while newer content waits.
  let patience: Duration
  private let postings: PostingRounds

  init(
    board: SnapshotBoard,
    proxies: ProxyBoard,
    streams: OpenStreams,
    logger: Logger,
    metrics: StreamMetrics,
    patience: Duration
  ) {
    self.board = board
    self.proxies = proxies
    self.streams = streams
    self.logger = logger
    self.metrics = metrics
    self.patience = patience
    postings = PostingRounds(board: board)
  }

  /// The methods by their paths.
  var methods: [String: GRPCMethod] {
    var methods: [String: GRPCMethod] = [:]
    for method in DiscoveryMethod.all {
      methods[method.path] = { call in
        DiscoveryStream(method, call, of: self, in: postings.round(on: call.eventLoop))
      }
    }
    return methods
  }
}
