/// What a proxy says on its aggregated stream, as Envoy does: clusters, then their assignments,
/// listeners, their route configurations and virtual hosts, and an acknowledgement of each response.
struct ProxyDialogue {
  private let format: RequestFormat
  private let cache: ReferenceCache
  private let node: [UInt8]
  private var wanted: [ResourceType: Wish] = [:]
  private var sentNames: Set<String> = []

  /// What was asked for of one type.
  private struct Wish {
    /// Encoded; in state of the world only.
    var names: [UInt8] = []
    /// How much of it has not come yet.
    var missing = 0
    var version: [UInt8] = []
    var nonce: [UInt8] = []
  }

  init(_ format: RequestFormat, node: [UInt8], cache: ReferenceCache) {
    self.format = format
    self.node = node
    self.cache = cache
  }

  /// Whether everything that was asked for has come.
  var isInitialised: Bool {
    wanted[.listener] != nil && wanted.values.allSatisfy { $0.missing == 0 }
  }

  /// The stream's first request.
  mutating func begin() -> [UInt8] {
    wanted[.cluster] = Wish(missing: 1)
    return format.request(.cluster, node: node)
  }

  /// What is answered to a response.
  mutating func answer(_ message: UnsafeRawBufferPointer) -> [[UInt8]] {
    let answer = DiscoveryAnswer(message)
    guard let type = answer.type, var wish = wanted[type] else { return [] }
    wish.version = answer.version
    wish.nonce = answer.nonce
    wish.missing = max(0, wish.missing - found(in: answer))
    wanted[type] = wish
    var requests = follow(answer, type, message)
    requests.append(
      format.request(type, names: wish.names, version: answer.version, nonce: answer.nonce)
    )
    if wanted[.listener] == nil, wanted.values.allSatisfy({ $0.missing == 0 }) {
      wanted[.listener] = Wish(missing: 1)
      requests.append(format.request(.listener))
    }
    return requests
  }

  /// How many of the things that are missing came: those with a name by name, else all.
  private func found(in answer: DiscoveryAnswer) -> Int {
    guard format.dialect == .delta, answer.type == .endpoints || answer.type == .routes else {
      return .max
    }
    return answer.resourceCount + answer.removed.count
  }

  /// Requests of what the response refers to.
  private mutating func follow(
    _ answer: DiscoveryAnswer,
    _ type: ResourceType,
    _ message: UnsafeRawBufferPointer
  ) -> [[UInt8]] {
    guard type != .endpoints, type != .virtualHost else { return [] }
    let references = cache.references(in: answer, of: message)
    switch type {
    case .cluster: return wish(.endpoints, references, removed: answer.removed)
    case .listener:
      let isKnown = sentNames.isSuperset(of: references.names)
      sentNames.formUnion(references.names)
      return isKnown ? [] : wish(.routes, references)
    case .routes where references.hasVirtualHosts && format.dialect == .delta:
      if wanted[.virtualHost] != nil { return [] }
      wanted[.virtualHost] = Wish(missing: 1)
      return [format.request(.virtualHost)]
    default: return []
    }
  }

  private mutating func wish(
    _ type: ResourceType,
    _ references: References,
    removed: [String] = []
  ) -> [[UInt8]] {
    let isDelta = format.dialect == .delta
    guard !references.names.isEmpty || isDelta && !removed.isEmpty else { return [] }
    var wish = wanted[type] ?? Wish()
    wish.missing = isDelta ? wish.missing + references.names.count : 1
    if !isDelta { wish.names = references.encoded }
    wanted[type] = wish
    return [
      format.request(
        type,
        names: references.encoded,
        unsubscribed: removed,
        version: wish.version,
        nonce: isDelta ? [] : wish.nonce
      )
    ]
  }
}
