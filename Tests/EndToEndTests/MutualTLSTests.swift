import TestCertificates
import Testing

extension EndToEnd {
  @Suite struct MutualTLS {
    @Test func `a proxy with a certificate of the client CA serves the article's request`()
      async throws
    {
      try await Testbed.run { bed in
        let authority = try CertificateAuthority("CA")
        let users = try await bed.startUpstream("users")
        let chancery = try await bed.startChancery(bed.makeTLS(authority).xdsFlags)
        let envoy = try await bed.startEnvoy(
          chancery,
          tls: bed.proxyTLS("edge", of: authority, trusting: authority)
        )
        let port = try await bed.openGateway(chancery)

        try await chancery.addService("user-service", port: users)
        try await chancery.addRoute("users", prefix: "/api/v1/users", to: "user-service")

        try await gateway(port: port, "/api/v1/users", answers: "users /api/v1/users")
        #expect(try await envoy.rejections() == 0)
      }
    }

    @Test func `a proxy without a certificate, or of another CA, gets nothing; the log says so`()
      async throws
    {
      try await Testbed.run { bed in
        let authority = try CertificateAuthority("CA")
        let chancery = try await bed.startChancery(bed.makeTLS(authority).xdsFlags)
        _ = try await bed.openGateway(chancery)
        let bare = try await bed.startEnvoy(
          chancery,
          nodeID: "bare",
          tls: bed.proxyTLS("bare", of: nil, trusting: authority)
        )
        let stranger = try await bed.startEnvoy(
          chancery,
          nodeID: "stranger",
          tls: bed.proxyTLS("stranger", of: CertificateAuthority("Other"), trusting: authority)
        )

        for reason in ["it sent no certificate", "its certificate is of no client CA here"] {
          try await eventually("the log says: \(reason)") {
            chancery.process.output.split(separator: "\n").contains {
              $0.contains("warning") && $0.contains(reason) && $0.contains("127.0.0.1:")
            }
          } until: {
            $0
          }
        }
        for envoy in [bare, stranger] {
          try await envoy.connected(false)
          let listeners = try await envoy.stats(#"^listener_manager\.total_listeners_active$"#)
          #expect(listeners.values.first == 0)
        }
      }
    }

    @Test func `a proxy goes by the name it is told to expect`() async throws {
      try await Testbed.run { bed in
        let authority = try CertificateAuthority("CA")
        let chancery = try await bed.startChancery(bed.makeTLS(authority).xdsFlags)
        let flags = try bed.proxyTLS("edge", of: authority, trusting: authority)

        let right = try await bed.startEnvoy(
          chancery,
          nodeID: "right",
          tls: flags + ["--tls-server-name", "localhost"]
        )
        try await eventually("the proxy is given its listeners") {
          try await right.updates()["listener_manager.lds.update_success"]
        } until: {
          $0 == 1
        }

        let wrong = try await bed.startEnvoy(
          chancery,
          nodeID: "wrong",
          tls: flags + ["--tls-server-name", "other.example.com"]
        )
        try await eventually("the log says so") {
          chancery.process.output.contains("it does not take this server's certificate")
        } until: {
          $0
        }
        try await wrong.connected(false)
      }
    }

    @Test func `a proxy that speaks no TLS gets nothing; the log says so`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery(
          bed.makeTLS(CertificateAuthority("CA")).xdsFlags
        )
        let envoy = try await bed.startEnvoy(chancery)

        try await eventually("the log says so") {
          chancery.process.output.contains("it does not speak TLS")
        } until: {
          $0
        }
        #expect(try await envoy.updates().values.allSatisfy { $0 == 0 })
      }
    }

    @Test func `it listens for other machines without --insecure`() async throws {
      try await Testbed.run { bed in
        let authority = try CertificateAuthority("CA")
        let port = try await Ports.free()
        let chancery = try await bed.startChancery(
          bed.makeTLS(authority).xdsFlags + ["--xds-address", "0.0.0.0:\(port)"]
        )
        #expect(chancery.process.output.contains("xDS listens on 0.0.0.0:\(port)"))
      }
    }

    @Test func `certificates are renewed under a living stream, and new proxies see the new one`()
      async throws
    {
      try await Testbed.run { bed in
        let former = try CertificateAuthority("Former CA")
        let new = try CertificateAuthority("New CA")
        let tls = try bed.makeTLS(former)
        let users = try await bed.startUpstream("users")
        let chancery = try await bed.startChancery(tls.xdsFlags + ["--no-default-gateway"])
        let east = try await bed.openGateway(chancery, "east", fleet: "east")
        let west = try await bed.openGateway(chancery, "west", fleet: "west")
        let old = try await bed.startEnvoy(
          chancery,
          nodeID: "old",
          fleet: "east",
          tls: bed.proxyTLS("old", of: former, trusting: former)
        )
        try await chancery.addService("users", port: users)
        try await chancery.addRoute("users", prefix: "/users", to: "users")
        try await gateway(port: east, "/users", answers: "users /users")

        try tls.renew(new.issue("chancery"))
        try tls.trust(new)
        // Connects as soon as the files are taken up; refuses the former certificate until then.
        _ = try await bed.startEnvoy(
          chancery,
          nodeID: "new",
          fleet: "west",
          tls: bed.proxyTLS("new", of: new, trusting: new)
        )
        try await gateway(port: west, "/users", answers: "users /users")
        #expect(chancery.process.output.contains("TLS files changed; new connections use them"))

        try await chancery.write(
          .patch,
          "/routes/users",
          #"{"service": null, "respond": {"status": 200, "body": "closed"}}"#
        )
        for port in [east, west] { try await gateway(port: port, "/users", answers: "closed") }
        let connections = try await old.stats(#"^cluster\.chancery_xds\.upstream_cx_total$"#)
        #expect(connections.values.first == 1)
      }
    }
  }
}
