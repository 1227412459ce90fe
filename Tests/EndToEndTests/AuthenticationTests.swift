import Foundation
import TestCertificates
import Testing

extension EndToEnd {
  @Suite struct Authentication {
    /// Serves to all addresses, by HTTPS and to bearers of tokens only.
    private func serve(_ bed: Testbed) async throws -> Served {
      let authority = try CertificateAuthority("CA")
      let port = try await Ports.free()
      let chancery = try await bed.launchChancery(
        bed.makeTLS(authority).adminFlags
          + ["--require-authentication", "--admin-address", "0.0.0.0:\(port)"]
      )
      let ca = bed.path("ca.pem")
      try authority.certificate.write(toFile: ca, atomically: true, encoding: .utf8)
      try await eventually("both ports listen") {
        chancery.process.output
      } until: {
        $0.contains("The API listens on https://0.0.0.0:\(port)") && $0.contains("xDS listens")
      }
      return Served(
        chancery: chancery,
        database: bed.path("chancery.db"),
        environment: ["CHANCERY_SERVER": "https://localhost:\(port)", "CHANCERY_CA": ca]
      )
    }

    private struct Served {
      var chancery: Chancery
      var database: String
      var environment: [String: String]

      /// Makes a token on the file.
      func makeToken(_ name: String, _ role: String, _ more: String...) async throws -> String {
        let result = try await Chancery.run(
          ["token", "create", name, "--role", role, "--database", database] + more
        )
        try #require(result.status == 0, "\(result.errors)")
        return result.line
      }

      /// Runs a command against the server; the token is given by the environment.
      func run(_ arguments: String..., as token: String? = nil) async throws -> CommandResult {
        var environment = environment
        environment["CHANCERY_TOKEN"] = token
        return try await Chancery.run(arguments, environment: environment)
      }

      /// Waits until the server knows of what was done to the file.
      func eventually(_ status: Int32, as token: String) async throws {
        try await EndToEndTests.eventually("the server has noticed", within: .seconds(2)) {
          try await run("export", as: token).status
        } until: {
          $0 == status
        }
      }
    }

    @Test func `by HTTPS and with a token a job applies a file, and is the author`() async throws {
      try await Testbed.run { bed in
        let served = try await serve(bed)
        #expect(served.chancery.process.output.contains("Nobody can call the API"))
        #expect(try await served.run("export").status == 3)

        let ci = try await served.makeToken("ci", "editor", "--expires", "90d")
        try await served.eventually(0, as: ci)
        let file = bed.path("file.yaml")
        try "services: {a: {}}".write(toFile: file, atomically: true, encoding: .utf8)
        let apply = try await served.run("apply", "-f", file, "--message", "Add a", as: ci)
        #expect(apply.status == 0, "\(apply.errors)")

        let history = try await served.run("history", as: ci)
        #expect(history.output.contains("ci"))
        #expect(history.output.contains("Add a"))
        #expect(!served.chancery.process.output.contains(ci))
        #expect(served.chancery.process.output.contains("Refused a request"))
      }
    }

    @Test func `a viewer may read, and is told that it may not write`() async throws {
      try await Testbed.run { bed in
        let served = try await serve(bed)
        let viewer = try await served.makeToken("dashboard", "viewer")
        try await served.eventually(0, as: viewer)
        let rollback = try await served.run("rollback", "1", as: viewer)
        #expect(rollback.status == 3)
        #expect(rollback.errors.contains("\"dashboard\" is a viewer"))
      }
    }

    @Test func `an admin manages tokens through the server`() async throws {
      try await Testbed.run { bed in
        let served = try await serve(bed)
        let root = try await served.makeToken("root", "admin")
        try await served.eventually(0, as: root)

        let made = try await served.run(
          "token",
          "create",
          "ci",
          "--role",
          "editor",
          "--expires",
          "12h",
          as: root
        )
        #expect(made.status == 0, "\(made.errors)")
        #expect(try await served.run("export", as: made.line).status == 0)
        #expect(try await served.run("token", "list", as: made.line).status == 3)

        let list = try await served.run("token", "list", as: root)
        #expect(list.output.contains("ci  editor  active  until"))
        #expect(list.output.contains("by root"))
        #expect(!list.output.contains(made.line))

        #expect(try await served.run("token", "revoke", "ci", as: root).status == 0)
        #expect(try await served.run("export", as: made.line).status == 3)
        #expect(try await served.run("token", "revoke", "nobody", as: root).status == 4)
      }
    }

    @Test func `a token that is revoked on the file is refused within a second or so`()
      async throws
    {
      try await Testbed.run { bed in
        let served = try await serve(bed)
        let token = try await served.makeToken("ci", "viewer")
        try await served.eventually(0, as: token)
        let revoke = ["token", "revoke", "ci", "--database", served.database]
        #expect(try await Chancery.run(revoke).status == 0)
        try await served.eventually(3, as: token)
      }
    }

    @Test func `a token may come from a file or an option, which win over the environment`()
      async throws
    {
      try await Testbed.run { bed in
        let served = try await serve(bed)
        let token = try await served.makeToken("ci", "viewer")
        try await served.eventually(0, as: token)
        let file = bed.path("token")
        try (token + "\n").write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try await served.run("export", "--token-file", file, as: "chy_other").status == 0)
        #expect(try await served.run("export", "--token", token, as: "chy_other").status == 0)
        var environment = served.environment
        environment["CHANCERY_TOKEN_FILE"] = file
        #expect(try await Chancery.run(["export"], environment: environment).status == 0)
      }
    }

    @Test func `a server whose certificate is of another CA gets no token`() async throws {
      try await Testbed.run { bed in
        let served = try await serve(bed)
        let token = try await served.makeToken("ci", "viewer")
        try await served.eventually(0, as: token)
        let other = bed.path("other-ca.pem")
        try CertificateAuthority("Other CA").certificate
          .write(toFile: other, atomically: true, encoding: .utf8)
        let export = try await served.run("export", "--ca", other, as: token)
        #expect(export.status == 8)
        #expect(export.errors.contains("CA with --ca"))
        #expect(try await served.run("export", "--ca", bed.path("nowhere"), as: token).status == 8)
      }
    }
  }
}
