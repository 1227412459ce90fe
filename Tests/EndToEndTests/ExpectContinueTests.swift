import NIOCore
import NIOSSL
import TestCertificates
import Testing

extension EndToEnd {
  /// `Expect: 100-continue`.
  @Suite struct ExpectContinue {
    private static let invitation = "HTTP/1.1 100 Continue\r\n\r\n"

    private static func head(
      size: Int = 2,
      expecting: String = "100-continue",
      version: String = "1.1"
    ) -> String {
      """
      PUT /services/a HTTP/\(version)\r
      Host: localhost\r
      Content-Type: application/json\r
      Content-Length: \(size)\r
      Expect: \(expecting)\r
      \r

      """
    }

    /// Is invited, sends the body, and is answered.
    private static func write(by client: inout Conversation) async throws {
      try await client.say(head())
      #expect(try await client.hear("\r\n\r\n") == invitation)
      try await client.say("{}")
      #expect(try await client.hear("\r\n\r\n").hasPrefix("HTTP/1.1 20"))
    }

    @Test func `a client that waits to be asked for its body is asked at once`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        try await Conversation.with(port: chancery.adminPort) { client in
          try await Self.write(by: &client)
          _ = try await client.hear("}\n")
          try await Self.write(by: &client)
        }
        #expect(try await chancery.call(.get, "/config").revision == 2)
      }
    }

    @Test func `likewise inside TLS`() async throws {
      try await Testbed.run { bed in
        let authority = try CertificateAuthority("CA")
        let chancery = try await bed.launchChancery(bed.makeTLS(authority).adminFlags)
        try await eventually("it listens") {
          chancery.process.output
        } until: {
          $0.contains("The API listens on")
        }
        var trust = TLSConfiguration.makeClientConfiguration()
        trust.trustRoots = .certificates(
          try NIOSSLCertificate.fromPEMBytes(Array(authority.certificate.utf8))
        )
        try await Conversation.with(
          port: chancery.adminPort,
          tls: NIOSSLContext(configuration: trust)
        ) { client in
          try await Self.write(by: &client)
        }
      }
    }

    @Test func `it is asked after the answers to the requests before it`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        try await Conversation.with(port: chancery.adminPort) { client in
          try await client.say("GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n" + Self.head())
          #expect(try await client.hear("}\n").hasPrefix("HTTP/1.1 200 OK"))
          #expect(try await client.hear("\r\n\r\n") == Self.invitation)
        }
      }
    }

    @Test(
      arguments: [
        (head(size: 10 << 20 | 1), "HTTP/1.1 413"), (head(expecting: "200-maybe"), "HTTP/1.1 417"),
      ]
    )
    func `who expects what will not happen is told so, and not asked`(
      request: String,
      answer: String
    ) async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        try await Conversation.with(port: chancery.adminPort) { client in
          try await client.say(request)
          let heard = try await client.hearAll()
          #expect(heard.hasPrefix(answer))
          #expect(heard.lowercased().contains("\r\nconnection: close\r\n"))
        }
      }
    }

    @Test(
      arguments: [
        head(version: "1.0"),
        "PUT /services/a HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
          + "Content-Length: 2\r\n\r\n",
      ]
    )
    func `a client of HTTP 1.0, or one that does not wait, is not asked`(request: String)
      async throws
    {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        try await Conversation.with(port: chancery.adminPort) { client in
          try await client.say(request + "{}")
          #expect(try await client.hear("\r\n\r\n").contains(" 201 Created\r\n"))
        }
      }
    }
  }
}
