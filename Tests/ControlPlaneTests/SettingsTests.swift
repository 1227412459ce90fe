import Configuration
import Foundation
import Logging
import Model
import Testing

@testable import ControlPlane

@Suite struct SettingsTests {
  private func settings(
    flags: [AbsoluteConfigKey: ConfigValue] = [:],
    environment: [String: String] = [:],
    file text: String? = nil
  ) async throws -> Settings {
    guard let text else {
      return try await Settings(flags: flags, environment: environment, file: nil)
    }
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).yaml")
    try text.write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    return try await Settings(flags: flags, environment: environment, file: file.path)
  }

  @Test func `without any, the defaults hold`() async throws {
    let settings = try await settings()
    #expect(settings.database == "chancery.db")
    #expect(settings.adminAddress.description == "127.0.0.1:18001")
    #expect(settings.xdsAddress.description == "127.0.0.1:18000")
    #expect(settings.logLevel == .info)
    #expect(settings.logFormat == .text)
    #expect(settings.hasDefaultGateway)
    #expect(!settings.isInsecure)
    #expect(!settings.requiresAuthentication)
    #expect(settings.proxyRetention == .hours(24))
  }

  @Test func `each is read from the environment`() async throws {
    let settings = try await settings(environment: [
      "CHANCERY_DATABASE": "/tmp/other.db",
      "CHANCERY_ADMIN_ADDRESS": "[::1]:1",
      "CHANCERY_XDS_ADDRESS": "10.0.0.1:2",
      "CHANCERY_LOG_LEVEL": "debug",
      "CHANCERY_LOG_FORMAT": "json",
      "CHANCERY_NO_DEFAULT_GATEWAY": "true",
      "CHANCERY_INSECURE": "true",
      "CHANCERY_ALLOWED_HOST": "a.example.com,b.example.com",
      "CHANCERY_PROXY_RETENTION": "90m",
      "CHANCERY_REQUIRE_AUTHENTICATION": "true",
    ])
    #expect(settings.requiresAuthentication)
    #expect(settings.database == "/tmp/other.db")
    #expect(settings.adminAddress == ListenAddress(host: "::1", port: 1))
    #expect(settings.xdsAddress == ListenAddress(host: "10.0.0.1", port: 2))
    #expect(settings.logLevel == .debug)
    #expect(settings.logFormat == .json)
    #expect(!settings.hasDefaultGateway)
    #expect(settings.isInsecure)
    #expect(settings.allowedHosts == ["a.example.com", "b.example.com"])
    #expect(settings.proxyRetention == .seconds(5400))
  }

  @Test func `each is read from a file`() async throws {
    let settings = try await settings(
      file: """
        database: /tmp/other.db
        admin-address: "[::1]:1"
        xds-address: 10.0.0.1:2
        log-level: debug
        log-format: json
        no-default-gateway: true
        insecure: true
        allowed-host: [a.example.com, b.example.com]
        proxy-retention: 90m
        require-authentication: true
        """
    )
    #expect(settings.requiresAuthentication)
    #expect(settings.proxyRetention == .seconds(5400))
    #expect(settings.database == "/tmp/other.db")
    #expect(settings.adminAddress == ListenAddress(host: "::1", port: 1))
    #expect(settings.xdsAddress == ListenAddress(host: "10.0.0.1", port: 2))
    #expect(settings.logLevel == .debug)
    #expect(settings.logFormat == .json)
    #expect(!settings.hasDefaultGateway)
    #expect(settings.isInsecure)
    #expect(settings.allowedHosts == ["a.example.com", "b.example.com"])
  }

  @Test func `a flag wins over the environment, and that over the file`() async throws {
    let settings = try await settings(
      flags: ["database": "flag"],
      environment: ["CHANCERY_DATABASE": "environment", "CHANCERY_LOG_LEVEL": "error"],
      file: "database: file\nlog-level: debug\nlog-format: json"
    )
    #expect(settings.database == "flag")
    #expect(settings.logLevel == .error)
    #expect(settings.logFormat == .json)
  }

  @Test(arguments: [
    ("admin-address: 127.0.0.1", "--admin-address (CHANCERY_ADMIN_ADDRESS)"),
    ("log-level: loud", "trace, debug, info"),
    ("log-format: xml", "text, json"),
    ("insecure: perhaps", "true or false"),
    ("proxy-retention: 24", "such as 24h"),
    ("databse: a.db", "no setting \"databse\""),
    ("admin-address: 0.0.0.0:1", "--insecure"),
    ("admin-address: 0.0.0.0:1\nrequire-authentication: true", "--admin-tls-certificate"),
    ("xds-address: 10.0.0.1:1", "--insecure"),
    ("{insecure: true, xds-address: \"control.example.com:1\"}", "IP address"),
    ("database: \":memory:\"", "a file's path"),
    ("database: \"\"", "a file's path"),
    ("- a", "must hold settings"),
    ("a: [", "is no YAML"),
  ])
  func `what makes no sense is refused, and why`(file: String, reason: String) async {
    await #expect {
      _ = try await settings(file: file)
    } throws: {
      "\($0)".contains(reason)
    }
  }

  @Test func `hosts may be named as far as others can reach the port`() {
    var settings = Settings()
    settings.allowedHosts = ["API.example.com"]
    #expect(settings.effectiveAllowedHosts == ["api.example.com", "127.0.0.1"])
    settings.adminAddress = ListenAddress(host: "fd00::1", port: 1)
    #expect(settings.effectiveAllowedHosts == ["api.example.com", "[fd00::1]"])
    settings.adminAddress = ListenAddress(host: "0.0.0.0", port: 1)
    #expect(settings.effectiveAllowedHosts == ["api.example.com"])
    settings.allowedHosts = ["*"]
    #expect(settings.effectiveAllowedHosts == nil)
    settings.allowedHosts = []
    settings.requiresAuthentication = true
    #expect(settings.effectiveAllowedHosts == nil)
  }
}
