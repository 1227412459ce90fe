import Testing

extension EndToEnd {
  /// Under requests without pause, changes of all sorts, at the admin API and in what serves it.
  @Suite struct MakeBeforeBreak {
    @Test(arguments: [(Dialect.delta, Duration.seconds(20)), (.stateOfTheWorld, .seconds(8))])
    func `no request fails by a change, nor when the control plane is killed`(
      dialect: Dialect,
      duration: Duration
    ) async throws {
      try await Testbed.run { bed in
        try await prove(bed, dialect, atLeast: duration) { script in
          try await script.makeEveryChange()
          try await script.makeChangesWhileKilled()
        }
      }
    }
  }
}

/// Plays a script under load, again and again for at least that long, and expects that no request
/// fails and that Envoy follows to the end.
private func prove(
  _ bed: Testbed,
  _ dialect: Dialect,
  atLeast duration: Duration,
  _ play: (inout ChangeScript) async throws -> Void
) async throws {
  let chancery = try await bed.startChancery(["--no-default-gateway"])
  let envoy = try await bed.startEnvoy(chancery, speaking: dialect, flags: ["--drain-time-s", "4"])
  var ports = Scene.Ports(gateway: try await Ports.free(), upstreams: [])
  // More than there are in use at any moment.
  for index in 0..<32 {
    ports.upstreams.append(try await bed.startUpstream("upstream-\(index)"))
  }
  var script = try await ChangeScript(bed, chancery, envoy, ports)
  let load = Load(port: ports.gateway, targets: Scene.targets)

  let (attempts, error) = await load.during {
    let start = ContinuousClock.now
    repeat { try await play(&script) } while ContinuousClock.now - start < duration
    try await script.drained()
    try await script.make(.endpointsAreReplaced)
    let sent = load.sent
    try await eventually("the load goes on", { load.sent }, until: { $0 > sent + 200 })
  }

  let failures = script.timeline.failures(among: attempts)
  print(
    "Make before break (\(dialect)): \(failures.count) of \(attempts.count) requests failed,",
    "\(script.changes) changes, \(script.kills) kills"
  )
  print(failures.joined(separator: "\n"))
  if let error { throw error }
  try #require(failures.count == 0)
  #expect(try await envoy.rejections() == 0)
  #expect(script.served.allSatisfy { !$0.process.output.contains("rejected a response") })
}

extension ChangeScript {
  fileprivate mutating func makeEveryChange() async throws {
    try await make(.routesMove)
    try await make(.endpointsAreReplaced)
    try await make(.servicesAreRenamed)
    try await make(.manyChange)
    try await make(.clustersChange)
    try await make(.kindsChange)
    try await make(.gatewayIsRenamed)
    try await make(.routesMove, .unusedAreDeleted, .servicesAreRenamed)
    try await make(.routeIsDeleted)
    try await make(.routeIsAdded)
    try await make(.gatewayIsRenamedAsRoutesMove, .routesMove, .unusedAreDeleted)
    try await make(.manyChange, .clustersChange, .endpointsAreReplaced)
    try await rollBack(by: 2)
    try await make(.routesMove, .kindsChange, .unusedAreDeleted)
    try await rollBack(by: 5)
    try await drained()
  }

  fileprivate mutating func makeChangesWhileKilled() async throws {
    try await make(.routesMove, thenKillAfter: .zero)
    try await make(.servicesAreRenamed, thenKillAfter: .milliseconds(2))
    try await makeWhileKilled(.routesMove)
    try await make(.gatewayIsRenamedAsRoutesMove, thenKillAfter: .milliseconds(1))
    try await make(.manyChange, thenKillAfter: .milliseconds(4))
    try await makeWhileKilled(.servicesAreRenamed)
    try await make(.kindsChange, thenKillAfter: .milliseconds(5))
    try await rollBack(by: 3, thenKill: true)
  }
}
