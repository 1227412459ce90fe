import Logging
import NIOCore
import NIOSSL
import NIOTLS

/// Says in the log why a handshake failed, and with whom; leaves the connection after the handshake.
final class TLSRefusalLog: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny
  typealias InboundOut = NIOAny

  private let logger: Logger

  init(logger: Logger) { self.logger = logger }

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
    let peer = context.remoteAddress.map { "\($0.ipAddress ?? "?"):\($0.port ?? 0)" } ?? "unknown"
    var metadata: Logger.Metadata = ["peer": "\(peer)"]
    // A probe that only asks whether the port is open.
    if case .sslError(let stack) = cause, stack.contains(.eofDuringHandshake) {
      return logger.debug("A client left before TLS was set up", metadata: metadata)
    }
    metadata["reason"] = "\(Self.reason(cause))"
    let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
    metadata["client-certificate"] = certificate.map { "\($0)" }
    logger.warning("A client was refused: TLS could not be set up", metadata: metadata)
  }

  /// What it means where BoringSSL's own word for it does not say so.
  static func reason(_ cause: BoringSSLError) -> String {
    let text = "\(cause)"
    let word = text.firstMatch(of: #/OPENSSL_internal:(\w+)/#).map { String($0.output.1) }
    guard let word else { return text }
    let meaning = meanings.first { word.contains($0.word) }?.meaning
    return meaning.map { "\($0) (\(word))" } ?? word
  }

  private static let meanings: [(word: String, meaning: String)] = [
    ("PEER_DID_NOT_RETURN_A_CERTIFICATE", "it sent no certificate"),
    ("CERTIFICATE_VERIFY_FAILED", "its certificate is of no client CA here, or is not valid now"),
    ("ALERT_UNKNOWN_CA", "it does not know the CA of this server's certificate"),
    ("ALERT_BAD_CERTIFICATE", "it does not take this server's certificate"),
    ("ALERT_CERTIFICATE", "it does not take this server's certificate"),
    ("HTTP_REQUEST", "it does not speak TLS"),
    ("WRONG_VERSION_NUMBER", "it does not speak TLS"),
    ("UNSUPPORTED_PROTOCOL", "it speaks no TLS of version 1.2 or newer"),
  ]
}
