import Foundation
import Logging
import NIOCore
import NIOSSL
import NIOTLS

/// Ends a handshake that takes too long, and says in the log why one failed, and with whom; leaves
/// the connection after the handshake.
final class HandshakeWatch: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny
  typealias InboundOut = NIOAny

  private let limit: TimeAmount
  private let logger: Logger
  private var deadline: Scheduled<Void>?

  init(limit: TimeAmount, logger: Logger) {
    self.limit = limit
    self.logger = logger
  }

  func handlerAdded(context: ChannelHandlerContext) {
    deadline = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { [self] in
      warn("it did not finish within \(limit.nanoseconds / 1_000_000) ms", context)
      context.close(promise: nil)
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    context.fireUserInboundEventTriggered(event)
    if case .handshakeCompleted = event as? TLSUserEvent {
      context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if case .handshakeFailed(let cause) = error as? NIOSSLError { log(cause, context) }
    context.fireErrorCaught(error)
  }

  private func log(_ cause: BoringSSLError, _ context: ChannelHandlerContext) {
    // A probe that only asks whether the port is open.
    if case .sslError(let stack) = cause, stack.contains(.eofDuringHandshake) {
      let metadata: Logger.Metadata = ["peer": "\(peer(context))"]
      return logger.debug("A client left before TLS was set up", metadata: metadata)
    }
    let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
    warn(Self.reason(cause, certificate), context, certificate)
  }

  private func warn(
    _ reason: String,
    _ context: ChannelHandlerContext,
    _ certificate: NIOSSLCertificate? = nil
  ) {
    var metadata: Logger.Metadata = ["peer": "\(peer(context))", "reason": "\(reason)"]
    metadata["client-certificate"] = certificate.map { "\($0)" }
    logger.warning("A client was refused: TLS could not be set up", metadata: metadata)
  }

  private func peer(_ context: ChannelHandlerContext) -> String {
    guard let address = context.remoteAddress, let host = address.ipAddress else {
      return "unknown"
    }
    return ListenAddress(host: host, port: address.port ?? 0).description
  }

  /// What it means, where BoringSSL's own word for it does not say so.
  private static func reason(_ cause: BoringSSLError, _ certificate: NIOSSLCertificate?) -> String {
    let text = "\(cause)"
    let word = text.firstMatch(of: #/OPENSSL_internal:(\w+)/#).map { String($0.output.1) }
    guard let word else { return text }
    if let certificate, word.contains("CERTIFICATE_VERIFY_FAILED"),
      Date(timeIntervalSince1970: Double(certificate.notValidAfter)) < Date()
    {
      return "its certificate has expired (\(word))"
    }
    let meaning = meanings.first { word.contains($0.word) }?.meaning
    return meaning.map { "\($0) (\(word))" } ?? word
  }

  private static let meanings: [(word: String, meaning: String)] = [
    ("PEER_DID_NOT_RETURN_A_CERTIFICATE", "it sent no certificate"),
    ("CERTIFICATE_VERIFY_FAILED", "its certificate is of no client CA here"),
    ("ALERT_UNKNOWN_CA", "it does not know the CA of this server's certificate"),
    ("ALERT_BAD_CERTIFICATE", "it does not take this server's certificate"),
    ("ALERT_CERTIFICATE", "it does not take this server's certificate"),
    ("HTTP_REQUEST", "it does not speak TLS"),
    ("WRONG_VERSION_NUMBER", "it does not speak TLS"),
    ("UNSUPPORTED_PROTOCOL", "it speaks no TLS of version 1.2 or newer"),
  ]
}
