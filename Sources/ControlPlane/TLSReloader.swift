import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import Synchronization

/// A port's TLS, made anew when its files change.
///
/// A connection keeps what it began its handshake with. Files that make no sense together, as when
/// the certificate was replaced and the key not yet, leave the former TLS in force.
final class TLSReloader: Service, Sendable {
  private typealias Reading = Result<TLSFiles.Content, TLSFault>

  private struct State {
    var context: NIOSSLContext
    /// The files as they were last looked at.
    var seen: Reading
    /// The files as they were last taken or refused.
    var judged: Reading
  }

  private let files: TLSFiles
  private let protocols: [String]
  private let logger: Logger
  private let state: Mutex<State>

  /// Reads the files; the protocols are those of ALPN, the best first.
  init(files: TLSFiles, protocols: [String], logger: Logger) throws(TLSFault) {
    let content = try files.read()
    let context = try files.context(of: content, protocols: protocols)
    self.files = files
    self.protocols = protocols
    self.logger = logger
    state = Mutex(State(context: context, seen: .success(content), judged: .success(content)))
  }

  /// Looks at the files twice a second, by their content: a file that was renamed into place, or a
  /// link that was turned, may well look older than the former.
  func run() async {
    await cancelWhenGracefulShutdown { [self] in
      while true {
        do { try await Task.sleep(for: .milliseconds(500)) } catch { return }
        check()
      }
    }
  }

  /// Takes up the files if they changed and no longer do: one may be half written.
  func check() {
    let reading = Result { () throws(TLSFault) in try files.read() }
    let isNews = state.withLock { state in
      defer { state.seen = reading }
      guard reading == state.seen, reading != state.judged else { return false }
      state.judged = reading
      return true
    }
    if isNews { take(reading) }
  }

  private func take(_ reading: Reading) {
    do {
      let context = try files.context(of: reading.get(), protocols: protocols)
      state.withLock { $0.context = context }
      logger.notice("TLS files changed; new connections use them", metadata: metadata)
    } catch {
      logger.warning(
        "TLS files changed and cannot be used; the former stay in use until they can",
        metadata: metadata.merging(["reason": "\(error)"]) { $1 }
      )
    }
  }

  private var metadata: Logger.Metadata {
    var metadata: Logger.Metadata = ["certificate": "\(files.certificate)", "key": "\(files.key)"]
    metadata["client-ca"] = files.clientCA.map { "\($0)" }
    return metadata
  }

  /// Puts TLS before all else that a new connection gets; it has that long for its handshake.
  func secure(_ channel: any Channel, within limit: TimeAmount = .seconds(10)) throws {
    let context = state.withLock { $0.context }
    try channel.pipeline.syncOperations.addHandlers(
      NIOSSLServerHandler(context: context),
      HandshakeWatch(limit: limit, logger: logger)
    )
  }
}
