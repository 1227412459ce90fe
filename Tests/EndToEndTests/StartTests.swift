import Foundation
import Testing

extension EndToEnd {
  @Suite struct Start {
    @Test func `it says where it listens`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()

        let output = chancery.process.output
        #expect(output.contains("The API listens on http://127.0.0.1:\(chancery.adminPort)"))
        #expect(output.contains("xDS listens on 127.0.0.1:\(chancery.xdsPort)"))
      }
    }

    @Test func `a new database starts with one gateway, at revision 1`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()

        let gateways = try await chancery.call(.get, "/gateways/default")
        #expect(gateways["port"] as? Int == 8080)
        #expect(gateways.revision == 1)
      }
    }

    @Test func `a new database starts empty, at revision 1, if it is told to`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery(["--no-default-gateway"])

        let config = try await chancery.call(.get, "/config")
        #expect(config.revision == 1)
        for section in ["gateways", "services", "routes"] {
          #expect((config[section] as? [String: Any])?.isEmpty == true)
        }
      }
    }

    @Test func `a file that is no database is refused and left as it is`() async throws {
      try await Testbed.run { bed in
        let content = Data("This is no database, whatever its name says.\n".utf8)
        try content.write(to: URL(filePath: bed.path("chancery.db")))

        let chancery = try await bed.launchChancery()

        #expect(try await chancery.process.exitStatus() != 0)
        #expect(chancery.process.output.contains("chancery.db"))
        #expect(try Data(contentsOf: URL(filePath: bed.path("chancery.db"))) == content)
      }
    }

    @Test func `a port in use is named, with the flag that chooses another`() async throws {
      try await Testbed.run { bed in
        let first = try await bed.startChancery()

        let second = try await bed.launchChancery(
          ["--database", bed.path("other.db")],
          after: first
        )

        #expect(try await second.process.exitStatus() != 0)
        #expect(second.process.output.contains("is in use"))
        #expect(second.process.output.contains("-address"))
      }
    }

    @Test func `an address that others can reach needs --insecure`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.launchChancery(["--xds-address", "0.0.0.0:0"])

        #expect(try await chancery.process.exitStatus() != 0)
        #expect(chancery.process.output.contains("--insecure"))
      }
    }
  }
}
