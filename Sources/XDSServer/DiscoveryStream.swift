import EventLoopGRPC
import NIOCore
import Snapshots
import XDSSession

/// Moves what happens to one stream into its session, and what the session says onto the wire.
///
/// While the client has not taken what it was sent, nothing moves: of any number of postings it is
/// then only known that there were some, so that a slow stream costs no memory.
final class DiscoveryStream: GRPCCallHandler {
  private let method: DiscoveryMethod
  private let call: GRPCCall
  private let service: DiscoveryService
  private let round: PostingRound
  private var place = 0
  private var end: OpenStreams.ID?
  /// The first request, until there is something to answer it from.
  private var first: (request: Request, node: ProxyNode)?
  private var stream: ProxyStream?
  private var isPosted = false
  private var dueTimers: [Timer] = []
  private var scheduled: [Int: Scheduled<Void>] = [:]
  private var lastScheduled = 0
  private var isWatched = false
  private var isStalled = false

  init(
    _ method: DiscoveryMethod,
    _ call: GRPCCall,
    of service: DiscoveryService,
    in round: PostingRound
  ) {
    self.method = method
    self.call = call
    self.service = service
    self.round = round
    call.sendHead()
    place = round.add(self)
    end = service.streams.add(call)
  }

  func receive(_ message: ByteBuffer) throws(GRPCStatus) {
    let request = try method.decode(message)
    if stream != nil { return handle(.request(request.request)) }
    first = (request.request, try request.knownNode)
    call.hold()
    var views = SharedViews(board: service.board)
    begin(&views)
  }

  func receiveEnd() { call.finish() }

  func sent() {
    var views = SharedViews(board: service.board)
    work(&views)
  }

  /// Something newer is on the board.
  func posted(_ views: inout SharedViews) {
    isPosted = true
    if first != nil { begin(&views) } else { work(&views) }
    watch()
  }

  func closed() {
    first = nil
    round.remove(place)
    if let end { service.streams.remove(end) }
    for task in scheduled.values { task.cancel() }
    guard let stream else { return }
    stream.close(isStalled: isStalled)
    service.metrics.closed(method.dialect)
    self.stream = nil
  }
}

extension DiscoveryStream {
  /// Begins once there is enough on the board to answer the first request.
  private func begin(_ views: inout SharedViews) {
    guard let (request, node) = first,
      let view = views.view(of: node.fleet, since: 0, hostwise: method.isHostwise),
      request.isAnswerable(from: view)
    else { return }
    first = nil
    isPosted = false
    stream = ProxyStream(
      Session(method.dialect, view: view, isAggregated: method.type == nil),
      speaking: method.dialect,
      node: node,
      posting: view.posting,
      proxies: service.proxies,
      logger: service.logger
    )
    service.metrics.opened(method.dialect)
    handle(.request(request))
    call.release()
  }

  /// Sees to what has waited, as far as the client has taken what it was sent.
  private func work(_ views: inout SharedViews) {
    while !call.isWriting, let posting = stream?.posting, let fleet = stream?.node.fleet {
      if !dueTimers.isEmpty {
        handle(.timer(dueTimers.removeFirst()))
      } else if isPosted {
        isPosted = false
        let view = views.view(of: fleet, since: posting, hostwise: method.isHostwise)
        if let view, view.posting > posting { handle(.view(view)) }
      } else {
        return
      }
    }
  }

  private func handle(_ event: Session.Event) {
    guard let output = stream?.handle(event) else { return }
    service.metrics.note(output)
    for timer in output.timers { start(timer) }
    for response in output.responses {
      let size = call.send(reserving: response.byteCount) {
        $0.write(response, in: method.dialect)
      }
      service.metrics.sent(response, size: size, in: method.dialect)
    }
    if let excess = output.excess { call.finish(GRPCStatus(excess)) }
    watch()
  }

  private func start(_ timer: Timer) {
    schedule(after: timer.delay) { [self] in
      dueTimers.append(timer)
      var views = SharedViews(board: service.board)
      work(&views)
    }
  }

  private func schedule(after delay: Duration, _ work: @escaping () -> Void) {
    lastScheduled += 1
    let id = lastScheduled
    let eventLoop = call.eventLoop.assumeIsolated()
    scheduled[id] = eventLoop.scheduleTask(in: TimeAmount(delay)) { [weak self] in
      guard self?.scheduled.removeValue(forKey: id) != nil else { return }
      work()
    }
  }
}

// A client that does not read: what is written to it waits, and so does all that is newer.
extension DiscoveryStream {
  /// Cuts the client off that has left what it was sent for as long as `patience`, and a second for
  /// each 64 KiB, while something newer waited too.
  private func watch() {
    guard stream != nil, isPosted, call.isWriting, !isWatched else { return }
    isWatched = true
    let taken = call.taken
    let patience = service.patience + .seconds(call.unwrittenBytes >> 16)
    schedule(after: patience) { [self] in
      isWatched = false
      guard call.isWriting, call.taken == taken else { return watch() }
      isStalled = true
      call.cut()
    }
  }
}

extension Request {
  /// Whether all is on the board that is needed to know what the client has.
  ///
  /// In state of the world it names a version, of which only the newest is always known.
  fileprivate func isAnswerable(from view: SnapshotBoard.View) -> Bool {
    guard !view.former.isComplete, case .whole(_, let version) = want, !version.isEmpty else {
      return true
    }
    guard let type = ResourceType(url: typeURL) else { return true }
    return type.isWholeInStateOfTheWorld && version == "\(view.snapshot[type].fingerprint)"
  }
}

extension GRPCStatus {
  fileprivate init(_ excess: Excess) {
    let message =
      switch excess {
      case .types: "The stream asks for too many types of resources."
      case .unansweredResponses: "The stream has too many responses that were not answered."
      }
    self.init(.resourceExhausted, message)
  }
}
