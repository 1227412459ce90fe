import PrometheusMetrics

extension MetricFamily {
  /// Every metric of Chancery, with what is said of it.
  ///
  /// Names follow Prometheus, "Metric and label naming": base units, `_total` for counters.
  static let all = streams + revisions + requests + process

  private static let streams = [
    MetricFamily("chancery_xds_streams", .gauge, help: "Open xDS streams, by dialect."),
    MetricFamily(
      "chancery_proxies",
      .gauge,
      help: "Proxies that are connected or remembered, by state."
    ),
    MetricFamily(
      "chancery_xds_responses_total",
      .counter,
      help: "xDS responses sent, by dialect and type of resource."
    ),
    MetricFamily(
      "chancery_xds_response_bytes_total",
      .counter,
      help: "Bytes of the xDS responses sent, by type of resource."
    ),
    MetricFamily(
      "chancery_xds_acks_total",
      .counter,
      help: "xDS responses that a proxy accepted, by type of resource."
    ),
    MetricFamily(
      "chancery_xds_nacks_total",
      .counter,
      help: "xDS responses that a proxy rejected, by type of resource."
    ),
    MetricFamily(
      "chancery_xds_propagation_sent_seconds",
      .propagation,
      help: "From the COMMIT of a change to the response that carried it, by type of resource."
    ),
    MetricFamily(
      "chancery_xds_propagation_acked_seconds",
      .propagation,
      help: "From the COMMIT of a change to the ACK of its response, by type of resource."
    ),
  ]

  private static let revisions = [
    MetricFamily(
      "chancery_revisions_total",
      .counter,
      help: "Revisions committed and published, by kind."
    ),
    MetricFamily(
      "chancery_head_revision",
      .gauge,
      help: "The number of the newest revision."
    ),
    MetricFamily(
      "chancery_store_commit_seconds",
      .latencies,
      help: "The COMMIT of a group of writes, its sync to the disk included."
    ),
    MetricFamily(
      "chancery_store_group_writes",
      .histogram(bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256]),
      help: "Writes that were committed together."
    ),
    MetricFamily(
      "chancery_compile_seconds",
      .latencies,
      help: "Checking and compiling one change."
    ),
  ]

  private static let requests = [
    MetricFamily(
      "chancery_http_requests_total",
      .counter,
      help: "Requests to the API, by method, path of the operation and class of the status."
    ),
    MetricFamily(
      "chancery_http_request_seconds",
      .latencies,
      help: "Requests to the API until the answer, by method and path of the operation."
    ),
  ]

  private static let process = [
    MetricFamily("chancery_build_info", .gauge, help: "1, with the version of Chancery."),
    MetricFamily(
      "process_start_time_seconds",
      .gauge,
      help: "Start of the process in seconds since 1970."
    ),
    MetricFamily("process_cpu_seconds_total", .counter, help: "CPU time of the process."),
    MetricFamily("process_resident_memory_bytes", .gauge, help: "Resident memory."),
    MetricFamily("process_open_fds", .gauge, help: "Open file descriptors."),
    MetricFamily("process_max_fds", .gauge, help: "How many file descriptors may be open."),
  ]
}

extension MetricFamily.Kind {
  /// Up to the longest that make before break holds a change back.
  fileprivate static var propagation: Self {
    .histogram(
      bounds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 30, 60]
    )
  }
}
