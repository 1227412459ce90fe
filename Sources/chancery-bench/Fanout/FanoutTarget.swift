import NIOSSL

/// A server whose fan-out is measured.
struct FanoutTarget: Sendable {
  var name: String
  var host: String
  var port: Int
  /// Nil if its process is not known.
  var usage: ProcessUsage?
  /// Nil to connect in the clear.
  var tls: NIOSSLContext?
  var trigger: any ChangeTrigger
}
