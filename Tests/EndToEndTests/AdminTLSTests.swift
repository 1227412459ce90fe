import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestCertificates
import Testing

extension EndToEnd {
  @Suite struct AdminTLS {
    private func config(_ chancery: Chancery, _ client: HTTPClient, host: String? = nil)
      async throws -> Answer
    {
      var request = HTTPClientRequest(url: "https://localhost:\(chancery.adminPort)/config")
      if let host { request.headers.replaceOrAdd(name: "host", value: host) }
      return try await Answer(client.execute(request, timeout: .seconds(10)))
    }

    @Test func `the API is served by HTTPS, to hosts that it knows`() async throws {
      try await Testbed.run { bed in
        let authority = try CertificateAuthority("CA")
        let chancery = try await bed.launchChancery(bed.makeTLS(authority).adminFlags)

        try await bed.withClient(trusting: authority) { client in
          let answer = try await eventually("the API answers") {
            try await config(chancery, client)
          } until: {
            $0.status == 200
          }
          #expect(answer.revision == 1)
          #expect(try await config(chancery, client, host: "evil.example").status == 421)
        }
        #expect(
          chancery.process.output
            .contains("The API listens on https://127.0.0.1:\(chancery.adminPort)")
        )
        await #expect(throws: (any Error).self) { try await chancery.call(.get, "/config") }
      }
    }

    @Test func `its certificate is renewed while it runs`() async throws {
      try await Testbed.run { bed in
        let former = try CertificateAuthority("Former CA")
        let new = try CertificateAuthority("New CA")
        let tls = try bed.makeTLS(former)
        let chancery = try await bed.launchChancery(tls.adminFlags)
        try await bed.withClient(trusting: former) { client in
          try await eventually("the API answers") {
            try await config(chancery, client).status
          } until: {
            $0 == 200
          }

          try tls.renew(new.issue("chancery"))
          _ = try await bed.withClient(trusting: new) { client in
            try await eventually("the API answers by the new certificate") {
              try await config(chancery, client).status
            } until: {
              $0 == 200
            }
          }

          // On the connection that it has.
          #expect(try await config(chancery, client).status == 200)
        }
      }
    }

    @Test func `a key that does not fit ends the command with a usage error`() async throws {
      try await Testbed.run { bed in
        let authority = try CertificateAuthority("CA")
        let tls = try bed.makeTLS(authority)
        try authority.issue("other").key.write(to: tls.key, atomically: true, encoding: .utf8)

        let chancery = try await bed.launchChancery(tls.adminFlags)

        #expect(try await chancery.process.exitStatus() == 2)
        #expect(chancery.process.output.contains("--admin-tls-key (CHANCERY_ADMIN_TLS_KEY)"))
      }
    }
  }
}
