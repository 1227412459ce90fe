import Foundation
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import Synchronization
import TestCertificates
import Testing

@testable import ControlPlane

/// Handshakes over sockets, the server's end by the TLS of a port.
@Suite(.timeLimit(.minutes(5)))
struct TLSReloaderTests {
  private let folder: TemporaryFolder
  private let authority: CertificateAuthority
  private let log = RecordedLog()

  init() throws {
    folder = try TemporaryFolder()
    authority = try CertificateAuthority("Test CA")
  }

  private func reloader(clientCA: CertificateAuthority? = nil) throws -> TLSReloader {
    let server = try folder.write(authority.issue("first"), as: "server")
    return try TLSReloader(
      files: TLSFiles(
        certificate: server.certificate,
        key: server.key,
        clientCA: clientCA.map { try folder.write($0.certificate, as: "client-ca.pem") }
      ),
      protocols: ["h2"],
      logger: log.logger
    )
  }

  /// Looks twice: a change is taken up when it holds still.
  private func look(_ reloader: TLSReloader) {
    reloader.check()
    reloader.check()
  }

  @Test func `new connections get the new certificate`() async throws {
    let reloader = try reloader()
    #expect(try await Handshake(with: reloader, trusting: authority).serverName == "first")

    try folder.write(authority.issue("second"), as: "server")
    look(reloader)

    #expect(try await Handshake(with: reloader, trusting: authority).serverName == "second")
    #expect(log.events.map(\.level) == [.notice])
  }

  @Test func `a certificate without its new key leaves the former pair in force`() async throws {
    let reloader = try reloader()
    let second = try authority.issue("second")

    try folder.write(second.certificate, as: "server.pem")
    look(reloader)
    look(reloader)
    #expect(try await Handshake(with: reloader, trusting: authority).serverName == "first")
    #expect(log.events.map(\.level) == [.warning])
    #expect(log.events.first?.metadata?["reason"].map { "\($0)".contains("does not fit") } == true)

    try folder.write(second.key, as: "server-key.pem")
    look(reloader)
    #expect(try await Handshake(with: reloader, trusting: authority).serverName == "second")
    #expect(log.events.map(\.level) == [.warning, .notice])
  }

  @Test func `a file that goes away leaves the former pair in force`() async throws {
    let reloader = try reloader()
    try FileManager.default.removeItem(at: folder.url.appending(path: "server.pem"))
    look(reloader)

    #expect(try await Handshake(with: reloader, trusting: authority).serverName == "first")
    #expect(log.events.map(\.level) == [.warning])
  }

  @Test func `a file that is still being written is not taken up`() async throws {
    let reloader = try reloader()
    try folder.write("half", as: "server.pem")
    reloader.check()
    try folder.write(authority.issue("second"), as: "server")
    look(reloader)

    #expect(try await Handshake(with: reloader, trusting: authority).serverName == "second")
    #expect(log.events.map(\.level) == [.notice])
  }

  @Test func `a connection outlives the certificate that it began with`() async throws {
    let reloader = try reloader()
    let handshake = try await Handshake(with: reloader, trusting: authority)

    try folder.write(authority.issue("second"), as: "server")
    look(reloader)

    #expect(try await handshake.echo("still there") == "still there")
  }

  @Test func `new connections are held to the new client CA`() async throws {
    let second = try CertificateAuthority("Second client CA")
    let reloader = try reloader(clientCA: CertificateAuthority("First client CA"))
    let client = try second.issue("client")
    await #expect(throws: (any Error).self) {
      try await Handshake(with: reloader, trusting: authority, as: client).echo("hello")
    }

    try folder.write(second.certificate, as: "client-ca.pem")
    look(reloader)

    let handshake = try await Handshake(with: reloader, trusting: authority, as: client)
    #expect(try await handshake.echo("hello") == "hello")
  }

  @Test func `a chain that leads to the CA over another is sent whole`() async throws {
    let intermediate = try authority.intermediate("Intermediate")
    let reloader = try reloader()
    var identity = try intermediate.issue("deep")
    identity.certificate += "\n" + intermediate.certificate
    try folder.write(identity, as: "server")
    look(reloader)

    #expect(try await Handshake(with: reloader, trusting: authority).serverName == "deep")
  }

  @Test(arguments: [TLSVersion.tlsv1, .tlsv11])
  func `versions before TLS 1.2 are refused`(version: TLSVersion) async throws {
    let reloader = try reloader()
    await #expect(throws: (any Error).self) {
      try await Handshake(with: reloader, trusting: authority, version: version).echo("hello")
    }
    try await log.has("it speaks no TLS of version 1.2 or newer")
  }

  @Test func `a client without a certificate is refused, and told of`() async throws {
    let reloader = try reloader(clientCA: authority)
    await #expect(throws: (any Error).self) {
      try await Handshake(with: reloader, trusting: authority).echo("hello")
    }
    try await log.has("it sent no certificate")
  }

  @Test func `a client of another CA is refused, and told of`() async throws {
    let reloader = try reloader(clientCA: authority)
    let stranger = try CertificateAuthority("Other CA").issue("stranger")
    await #expect(throws: (any Error).self) {
      try await Handshake(with: reloader, trusting: authority, as: stranger).echo("hello")
    }
    try await log.has("its certificate is of no client CA here")
  }

  @Test func `a client whose certificate has expired is refused, and told of`() async throws {
    let reloader = try reloader(clientCA: authority)
    let late = try authority.issue("late", until: Date(timeIntervalSinceNow: -60))
    await #expect(throws: (any Error).self) {
      try await Handshake(with: reloader, trusting: authority, as: late).echo("hello")
    }
    try await log.has("its certificate has expired")
  }

  @Test func `a client that says nothing is cut off, and told of`() async throws {
    let reloader = try reloader()
    let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try reloader.secure(channel, within: .milliseconds(20))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let client = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connect(host: "127.0.0.1", port: server.localAddress?.port ?? 0).get()

    try await client.closeFuture.get()

    try await log.has("it did not finish within 20 ms")
    try await server.close()
  }

  @Test func `a client that does not trust the server is told of`() async throws {
    let reloader = try reloader(clientCA: authority)
    await #expect(throws: (any Error).self) {
      try await Handshake(with: reloader, trusting: CertificateAuthority("Other CA")).echo("hello")
    }
    try await log.has("it does not")
  }
}
