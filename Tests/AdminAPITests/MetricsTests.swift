import HTTPTypes
import Testing

struct MetricsTests {
  @Test func `requests are counted by operation and class of the status`() async throws {
    try await API.serve { api in
      try await api.expect(200, .get, "/services")
      try await api.expect(404, .get, "/services/a")
      try await api.expect(404, .get, "/services/b")
      try await api.expect(404, .get, "/nowhere")
      try await api.send(HTTPRequest.Method("BREW") ?? .trace, "/services/a")
      let answer = try await api.send(.get, "/metrics")
      #expect(answer.status == 200)
      #expect(answer["Content-Type"] == "text/plain; version=0.0.4")
      let lines = answer.text.split(separator: "\n").filter { $0.hasPrefix("chancery_http_requ") }
      let counters = lines.filter { $0.contains("_total{") }
      #expect(
        counters == [
          #"chancery_http_requests_total{method="GET",path="/services",status="2xx"} 1"#,
          #"chancery_http_requests_total{method="GET",path="/services/{name}",status="4xx"} 2"#,
          #"chancery_http_requests_total{method="GET",path="other",status="4xx"} 1"#,
          #"chancery_http_requests_total{method="other",path="other",status="4xx"} 1"#,
        ]
      )
      let count = #"chancery_http_request_seconds_count{method="GET",path="/services/{name}"} 2"#
      #expect(lines.contains(count[...]))
    }
  }

  /// What Prometheus 3 sends.
  @Test func `a scraper that prefers other formats gets the text`() async throws {
    let accept = """
      application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,\
      application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=1.0.0;q=0.4,\
      text/plain;version=0.0.4;q=0.3,*/*;q=0.2
      """
    try await API.serve { api in
      let answer = try await api.send(.get, "/metrics", headers: [.accept: accept])
      #expect(answer["Content-Type"] == "text/plain; version=0.0.4")
      try await api.expect(406, .get, "/metrics", headers: [.accept: "application/json"])
    }
  }
}
