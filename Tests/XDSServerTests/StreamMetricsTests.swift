import EnvoyAPI
import PrometheusMetrics
import Snapshots
import Testing

@testable import XDSServer

@Suite(.timeLimit(.minutes(5)))
struct StreamMetricsTests {
  let registry = PrometheusRegistry()
  let harness: Harness
  let clusters = ResourceType.cluster.url

  init() { harness = Harness(metrics: StreamMetrics(factory: registry)) }

  private func value(_ series: String) -> Double? { registry.value(of: series) }

  @Test func `responses, bytes and answers are counted, and changes timed`() async throws {
    harness.post(1, [cluster("a")])
    try await harness.withDelta { [registry, harness, clusters] wire in
      wire.send {
        $0.node.id = "n"
        $0.typeURL = clusters
      }
      let first = try #require(try await wire.next())
      #expect(registry.value(of: #"chancery_xds_streams{dialect="delta"}"#) == 1)
      #expect(registry.value(of: #"chancery_xds_streams{dialect="sotw"}"#) == 0)
      wire.answer(first, clusters)
      harness.post(2, [cluster("a", "2")])
      let second = try #require(try await wire.next())
      wire.answer(second, clusters, refusing: "No.")
      harness.post(3, [cluster("a", "3")])
      let third = try #require(try await wire.next())
      wire.answer(third, clusters)
      // The answer to what is asked for last tells that all before was seen to.
      wire.send {
        $0.typeURL = "unheard-of"
        $0.resourceNamesSubscribe = ["x"]
      }
      _ = try await wire.next()
    }
    #expect(value(#"chancery_xds_streams{dialect="delta"}"#) == 0)
    #expect(value(#"chancery_xds_responses_total{dialect="delta",type="cluster"}"#) == 3)
    #expect(value(#"chancery_xds_responses_total{dialect="delta",type="unknown"}"#) == 1)
    #expect(value(#"chancery_xds_acks_total{type="cluster"}"#) == 2)
    #expect(value(#"chancery_xds_nacks_total{type="cluster"}"#) == 1)
    #expect(try #require(value(#"chancery_xds_response_bytes_total{type="cluster"}"#)) > 200)
    // The first response was asked for, and the second one refused.
    #expect(value(#"chancery_xds_propagation_sent_seconds_count{type="cluster"}"#) == 2)
    #expect(value(#"chancery_xds_propagation_acked_seconds_count{type="cluster"}"#) == 1)
  }
}

extension Wire<DeltaRequest, DeltaResponse> {
  fileprivate func answer(_ response: DeltaResponse, _ url: String, refusing error: String? = nil) {
    send {
      $0.typeURL = url
      $0.responseNonce = response.nonce
      if let error { $0.errorDetail.message = error }
    }
  }
}

extension PrometheusRegistry {
  /// The value of a series as it stands in the text.
  func value(of series: String) -> Double? {
    let line = exposition().split(separator: "\n").first { $0.hasPrefix(series + " ") }
    return line.flatMap { Double($0.dropFirst(series.count + 1)) }
  }
}
