import Snapshots

// What the client did with a response.
extension Session {
  /// Records the ACK or NACK that a request carries, if its nonce is that of a response not yet
  /// answered.
  mutating func resolve(_ request: Request, _ index: Int, _ output: inout Output) {
    guard let position = channels[index].flights.firstIndex(where: { $0.nonce == request.nonce })
    else { return }
    let older = channels[index].takeSkipped(before: position, in: dialect)
    for flight in older { request.error == nil ? accept(flight, index) : doubt(flight, index) }
    let flight = channels[index].flights.remove(at: position - older.count)
    if let error = request.error {
      let rejection = ProxyRejection(
        revision: flight.revision,
        names: flight.names,
        message: error
      )
      reject(flight, index)
      channels[index].standing.rejection = rejection
      output.outcomes.append(.rejected(typeURL: request.typeURL, rejection))
    } else {
      accept(flight, index)
      let committed = (older + [flight]).compactMap(\.committed).min()
      if let committed, let type = channels[index].type {
        output.arrivals.append(Arrival(type: type, committed: committed))
      }
      channels[index].standing.acked = flight.revision
      output.outcomes.append(.accepted(typeURL: request.typeURL, revision: flight.revision))
    }
  }

  private mutating func accept(_ flight: Flight, _ index: Int) {
    for resource in flight.replaced { needs.release(resource) }
    let isUsedOn = channels[index].type?.isUsedUntilDropped == true
    if !channels[index].holdings.uncertain.isEmpty {
      for name in flight.names { channels[index].holdings.uncertain.remove(name) }
    }
    for name in isUsedOn ? flight.sent : flight.names {
      for former in channels[index].holdings.takeFormer(name) { needs.release(former) }
    }
    guard channels[index].type == .cluster else { return }
    for name in flight.sent { warming.ready(name) }
  }

  private mutating func reject(_ flight: Flight, _ index: Int) {
    doubt(flight, index)
    channels[index].noteRefused(flight)
    // The versions of the responses after it count in what this one carried.
    if !channels[index].flights.isEmpty { channels[index].makeVersionDue(in: dialect) }
    guard channels[index].type == .cluster else { return }
    for name in flight.sent { warming.rejected(name) }
  }

  /// Makes the names of a response uncertain, of which the client may have taken a part.
  ///
  /// They are not sent again by themselves, but go with the next response.
  private mutating func doubt(_ flight: Flight, _ index: Int) {
    for resource in flight.replaced {
      if channels[index].subscription.covers(resource.name) {
        keep(resource, index)
      } else {
        needs.release(resource)
      }
    }
    for name in flight.names where channels[index].subscription.covers(name) {
      channels[index].holdings.uncertain.insert(name)
    }
    for name in flight.claimed where channels[index].subscription.covers(name) {
      channels[index].holdings.claimed.insert(name)
    }
  }
}

extension Session {
  /// Goes on counting what a replaced resource needs: the client may be using it.
  mutating func keep(_ resource: Resource, _ index: Int) {
    if let forgotten = channels[index].holdings.keep(resource) { needs.release(forgotten) }
  }
}

extension Channel {
  /// Notes what the client has certainly not taken: a resource that was refused alone, of a type
  /// whose resources Envoy takes whole or not at all.
  fileprivate mutating func noteRefused(_ flight: Flight) {
    guard type?.isTakenWhole == true, flight.names.count == 1, let name = flight.sent.first,
      !flights.contains(where: { $0.names.contains(name) })
    else { return }
    holdings.refused.insert(name)
  }

  /// Lets an empty response follow, if need be, that tells a client its version anew.
  ///
  /// A state-of-the-world client names the version of the last response that it took, whatever it
  /// drops or refuses. A response that carries everything says what it has anyway.
  mutating func makeVersionDue(in dialect: Dialect) {
    guard dialect == .stateOfTheWorld, type?.isWholeInStateOfTheWorld == false else { return }
    owesVersion = true
  }

  /// Takes the responses before that one, which a state-of-the-world client that answers it has
  /// processed and will not answer any more.
  ///
  /// While Envoy warms clusters it keeps one request per type, and so answers the last response
  /// only. In delta it answers each.
  fileprivate mutating func takeSkipped(before position: Int, in dialect: Dialect) -> [Flight] {
    guard dialect == .stateOfTheWorld else { return [] }
    defer { flights.removeFirst(position) }
    return Array(flights.prefix(position))
  }
}
