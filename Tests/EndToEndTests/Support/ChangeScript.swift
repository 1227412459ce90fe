import Foundation
import Testing

/// Changes one document under a load, step by step, and notes on a timeline what each step allows.
struct ChangeScript {
  let bed: Testbed
  let envoy: Envoy
  let ports: Scene.Ports
  let timeline = Timeline()
  private(set) var chancery: Chancery
  /// All that ever served, the killed ones too.
  private(set) var served: [Chancery]
  private(set) var scene: Scene
  private(set) var changes = 0
  private(set) var kills = 0
  private var revisions: [(number: Int, scene: Scene)] = []

  /// Writes the first scene and waits until Envoy serves it.
  init(_ bed: Testbed, _ chancery: Chancery, _ envoy: Envoy, _ ports: Scene.Ports) async throws {
    self.bed = bed
    self.chancery = chancery
    self.envoy = envoy
    self.ports = ports
    served = [chancery]
    scene = Scene(gateway: "none")
    try await write(.first)
    let target = Scene.targets[0]
    try await gateway(
      port: ports.gateway,
      host: target.host,
      target.path,
      answers: "upstream-0 \(target.path)"
    )
  }
}

// Each of these ends when Envoy was seen to follow.
extension ChangeScript {
  /// Makes changes, each as one revision, without waiting for Envoy in between.
  mutating func make(_ steps: Step...) async throws {
    try await noted(steps.map(\.rawValue)) { script in
      for step in steps { try await script.write(script.next(step)) }
    }
  }

  /// Makes a change and kills the control plane so long after the answer.
  mutating func make(_ step: Step, thenKillAfter delay: Duration) async throws {
    try await noted([step.rawValue, "killed \(delay) later"]) { script in
      try await script.write(script.next(step))
      try await Task.sleep(for: delay)
      try await script.restart()
    }
  }

  /// Kills the control plane while it is asked for a change, and asks again.
  mutating func makeWhileKilled(_ step: Step) async throws {
    try await noted([step.rawValue, "killed meanwhile"]) { script in
      let next = try script.next(step)
      let (chancery, body) = (script.chancery, script.scene.patch(to: next, script.ports))
      script.timeline.allow(script.upstreams(of: next))
      async let answer = chancery.call(.patch, "/config", body)
      try await script.restart()
      _ = try? await answer
      try await script.write(next)
    }
  }

  /// Goes back by so many changes.
  mutating func rollBack(by count: Int, thenKill: Bool = false) async throws {
    let (number, target) = revisions[revisions.count - 1 - count]
    try await noted(["rollback", thenKill ? "killed at once" : ""]) { script in
      script.timeline.allow(script.upstreams(of: target))
      let answer = try await script.chancery.write(.post, "/revisions/\(number)/rollback")
      script.took(target, answer)
      if thenKill { try await script.restart() }
    }
  }

  /// Waits until no connection is left of gateways that were renamed.
  func drained() async throws {
    try await eventually("listeners have drained", isDraining, until: { !$0 })
    timeline.settle(upstreams(of: scene))
  }
}

extension ChangeScript {
  private mutating func noted(
    _ title: [String],
    _ body: (inout ChangeScript) async throws -> Void
  ) async throws {
    let before = scene
    var script = self
    defer { self = script }
    let title = title.filter { !$0.isEmpty }.joined(separator: ", then ")
    try await timeline.note(title) {
      try await body(&script)
      try await script.confirm(since: before)
    }
  }

  private func next(_ step: Step) throws -> Scene {
    var next = scene
    step.apply(to: &next, number: changes + 1, upstream: try unusedUpstream())
    return next
  }

  /// One that no target had since Envoy was last seen to follow: seeing it then proves the change.
  private func unusedUpstream() throws -> Int {
    let used = timeline.allowed
    return try #require(ports.upstreams.indices.first { !used.contains("upstream-\($0)") })
  }

  private mutating func write(_ next: Scene) async throws {
    timeline.allow(upstreams(of: next))
    let patch = scene.patch(to: next, ports)
    took(next, try await chancery.write(.patch, "/config", patch))
  }

  private mutating func took(_ next: Scene, _ answer: Answer) {
    scene = next
    changes += 1
    if let revision = answer.revision { revisions.append((revision, next)) }
  }

  private mutating func restart() async throws {
    await chancery.kill()
    kills += 1
    chancery = try await bed.startChancery(after: chancery)
    served.append(chancery)
  }

  private func upstreams(of scene: Scene) -> [Target: String] {
    scene.upstreams.mapValues { "upstream-\($0)" }
  }
}

extension ChangeScript {
  /// Waits until Envoy answers as the scene says, on new connections, and has used its services.
  private func confirm(since before: Scene) async throws {
    let services = Set(Scene.targets.compactMap { scene.service(for: $0) })
      .filter { before.services[$0] == nil }
    try await eventually("the new services are used") {
      try await envoy.stats(#"^cluster\..*\.upstream_rq_total$"#)
    } until: { counters in
      services.allSatisfy { counters["cluster.\($0).upstream_rq_total", default: 0] > 0 }
    }
    for target in Scene.targets where scene.upstream(for: target) != before.upstream(for: target) {
      guard let upstream = scene.upstream(for: target) else { continue }
      try await gateway(
        port: ports.gateway,
        host: target.host,
        target.path,
        answers: "upstream-\(upstream) \(target.path)"
      )
    }
    // Connections to a gateway that was renamed stay with what that had, until they have drained.
    if try await !isDraining() { timeline.settle(upstreams(of: scene)) }
  }

  private func isDraining() async throws -> Bool {
    try await envoy.stats(#"^listener_manager\.total_listeners_draining$"#).values.contains {
      $0 > 0
    }
  }
}

extension Scene {
  fileprivate var upstreams: [Target: Int] {
    Self.targets.reduce(into: [:]) { $0[$1] = upstream(for: $1) }
  }
}
