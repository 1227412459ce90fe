import Hummingbird
import NIOCore
import PrometheusMetrics

/// The operation that tells what was measured.
struct MetricsRoutes: Sendable {
  let metrics: PrometheusRegistry

  var operations: [Operation] {
    [
      Operation(.get, "/metrics", answers: [.prometheus]) { [metrics] call in
        Response(
          status: .ok,
          headers: [.contentType: call.answerFormat.name],
          body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.exposition()))
        )
      }
    ]
  }
}
