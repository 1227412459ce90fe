import Model
import Testing

@testable import Store

/// The plans of what a store reads the history with, all of it done once.
@Suite struct PlanTests {
  private let bench: Bench
  private let store: Store<Bench.Served>
  private let log = StatementLog()

  init() async throws {
    bench = try Bench()
    try await bench.open(seed: [gateway("default", port: 8080)]).write(service("a", "10.0.0.1"))
    store = try bench.open(log: log)
    try await store.write(service("b"), route("r", to: "a"))
    try await store.write(service("a", "10.0.0.2"), removal(.service, "b"))
    try await bench.run("UPDATE service SET spec = '{\"labels\": {\"by\": \"sql\"}}'")
    try await readAll()
  }

  private func readAll() async throws {
    let key = ObjectKey(.service, "a")
    try await store.write(service("c"))
    let newest = store.head.revision.number
    for part in [PastPart.all, .object(key), .object(ObjectKey(.route, "r"))] {
      _ = try await store.head(at: 2, part)
    }
    _ = try await store.head(at: 2, .page(of: .service, after: "", limit: 10))
    _ = try await store.stamps(of: [key, ObjectKey(.route, "r")], at: 2)
    _ = try await store.differences(from: 1, to: newest)
    _ = try await store.history(of: key, before: nil, limit: 10)
    _ = try await store.history(of: ObjectKey(.route, "none"), before: nil, limit: 10)
    _ = try await store.revisions(before: nil, limit: 10)
    _ = try await store.revision(3)
    _ = try await store.routes(changedAfter: 1, upTo: newest, limit: 10)
    _ = try store.stepBack(from: newest)
    try await dryRun { [store] head in try store.edits(to: 2, from: head) }
    try await dryRun { [store] head in try store.edits(undoing: newest, from: head) }
    try await readFarApart()
  }

  private func dryRun(
    _ edits: @escaping @Sendable (Head<Bench.Served>) throws -> [ObjectEdit]?
  ) async throws {
    var request = WriteRequest<Bench.Served>(author: "ada") { try edits($0) ?? [] }
    request.isDryRun = true
    _ = try await store.write(request)
  }

  /// So many writes that a difference is found otherwise.
  private func readFarApart() async throws {
    let before = store.head.revision.number
    for round in 0..<3 {
      let edits = Edits((0..<900).map { service("s\($0)", labels: ["round": "\(round)"]) })
      _ = try await store.write(WriteRequest(author: "ada") { _ in edits.list })
    }
    _ = try await store.differences(from: before, to: store.head.revision.number)
  }

  @Test func `no statement reads all of the history, or of its names`() async throws {
    let plans = try await store.historyPlans(of: log)
    #expect(plans.count >= 14)
    // A search by nothing but the kind reads as much.
    let ofAKind = /^SEARCH (h|history) .*\(kind=\?\)$/
    for plan in plans {
      let reads = plan.scans + plan.steps.filter { $0.firstMatch(of: ofAKind) != nil }
      #expect(reads == [], "\(plan.sql)\n\(plan.steps.joined(separator: "\n"))")
    }
  }

  @Test(arguments: ["history_by_revision", "history_deletions"])
  func `without an index some statement would`(index: String) async throws {
    try await bench.run("DROP INDEX \(index)")
    let scans = try await store.historyPlans(of: log).flatMap(\.scans)
    #expect(!scans.isEmpty)
  }
}
