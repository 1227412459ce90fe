import HashTreeCollections
import Publisher
import Snapshots

/// One stream of a proxy that answers each posting at once, as the board of streams shows it.
struct FakeProxy: Sendable {
  let api: API
  let fleet: String
  let stream: ProxyConnection.ID

  private static let types: [ResourceType] = [
    .cluster, .endpoints, .listener, .routes, .virtualHost,
  ]

  /// Connects a proxy.
  init(_ api: API, _ id: String, fleet: String = "default") {
    self.api = api
    self.fleet = fleet
    stream = api.streams.open(
      ProxyNode(
        id: id,
        fleet: fleet,
        version: "1.40.0",
        locality: Locality(region: "eu", zone: "eu-1", subZone: "rack-7")
      )
    )
  }

  /// Takes what is posted now, and all that will be.
  func accept() {
    take()
    _ = api.board.addReader(take)
  }

  /// Takes what is posted now.
  func take() {
    guard let snapshot = api.board.snapshots?[fleet].hostwise else { return }
    update(snapshot, ProxyStanding(sent: snapshot.revision, acked: snapshot.revision), .current)
  }

  /// Refuses the resources of a type in what will be posted.
  func refuse(_ type: ResourceType, _ names: [String], saying message: String) {
    _ = api.board.addReader {
      guard let snapshot = api.board.snapshots?[fleet].hostwise else { return }
      let revision = snapshot.revision
      let rejection = ProxyRejection(revision: revision, names: names, message: message)
      let standing = ProxyStanding(sent: revision, acked: revision - 1, rejection: rejection)
      update(snapshot, standing, .refused, of: type)
    }
  }

  /// `standing` and `progress` are of one type, or of all.
  private func update(
    _ snapshot: Snapshot,
    _ standing: ProxyStanding,
    _ progress: StreamProgress,
    of one: ResourceType? = nil
  ) {
    let taken = ProxyStanding(sent: snapshot.revision, acked: snapshot.revision)
    let types = Self.types.map { ($0, one == nil || one == $0) }
    api.streams.update(
      stream,
      ByType(types.map { ($0, $1 ? standing : taken) }),
      sent: ByType(types.map { ($0.0, snapshot[$0.0].byName) }),
      progress: ByType(types.map { ($0, $1 ? progress : .current) }),
      revision: snapshot.revision
    )
  }
}
