import PrometheusMetrics
import Publisher
import Store

extension PrometheusRegistry {
  /// Has read what is told of the present only, whenever the metrics are.
  func readPresent(of store: ConfigStore, _ ledger: ProxyLedger) {
    ProcessMetrics.register(in: self)
    read("chancery_build_info") { [Sample(1, [("version", chanceryVersion)])] }
    // The store records here itself, and must not be kept by what it keeps.
    read("chancery_head_revision") { [weak store] in
      store.map { [Sample(Double($0.head.revision.number))] } ?? []
    }
    read("chancery_proxies") { [weak ledger] in ledger?.samples ?? [] }
  }
}

extension ProxyLedger {
  /// How many proxies are in each state.
  fileprivate var samples: [PrometheusRegistry.Sample] {
    let counts = Dictionary(proxies.map { ($0.state, 1) }, uniquingKeysWith: +)
    return [Proxy.State.synced, .pending, .rejected, .offline].map {
      PrometheusRegistry.Sample(Double(counts[$0] ?? 0), [("state", $0.rawValue)])
    }
  }
}
