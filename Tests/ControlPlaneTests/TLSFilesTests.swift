import Configuration
import Foundation
import Model
import TestCertificates
import Testing

@testable import ControlPlane

@Suite struct TLSFilesTests {
  private let folder: TemporaryFolder
  private let authority: CertificateAuthority

  init() throws {
    folder = try TemporaryFolder()
    authority = try CertificateAuthority("Test CA")
  }

  private func settings(_ values: [String: String]) async throws -> Settings {
    try await Settings(
      flags: [:],
      environment: Dictionary(
        uniqueKeysWithValues: values.map {
          ("CHANCERY_" + $0.replacing("-", with: "_").uppercased(), $1)
        }
      ),
      file: nil
    )
  }

  private func fault(_ values: [String: String]) async throws -> String {
    do {
      _ = try await settings(values)
      return "none"
    } catch let error as SettingsError {
      return error.description
    }
  }

  @Test(arguments: CertificateAuthority.KeyKind.allCases)
  func `keys of both kinds make TLS`(kind: CertificateAuthority.KeyKind) async throws {
    let server = try folder.write(authority.issue("server", keyKind: kind), as: "server")

    let settings = try await settings([
      "xds-tls-certificate": server.certificate, "xds-tls-key": server.key,
      "admin-tls-certificate": server.certificate, "admin-tls-key": server.key,
    ])

    let files = TLSFiles(certificate: server.certificate, key: server.key)
    #expect(settings.xdsTLS == files)
    #expect(settings.adminTLS == files)
  }

  @Test func `mutual TLS opens the xDS port to other machines, TLS alone does not`() async throws {
    let server = try folder.write(authority.issue("server"), as: "server")
    var values = [
      "xds-tls-certificate": server.certificate, "xds-tls-key": server.key,
      "xds-address": "0.0.0.0:18000",
    ]
    #expect(try await fault(values).contains("--xds-client-ca"))

    values["xds-client-ca"] = try folder.write(authority.certificate, as: "ca.pem")
    #expect(try await settings(values).xdsAddress.host == "0.0.0.0")
  }

  @Test func `TLS and authentication open the admin port to other machines, neither does alone`()
    async throws
  {
    let server = try folder.write(authority.issue("server"), as: "server")
    let address = ["admin-address": "0.0.0.0:18001"]
    let tls = ["admin-tls-certificate": server.certificate, "admin-tls-key": server.key]
    let authentication = ["require-authentication": "true"]
    for alone in [tls, authentication] {
      let fault = try await fault(address.merging(alone) { $1 })
      #expect(fault.contains("--require-authentication, --admin-tls-certificate"))
    }
    let both = try await settings(address.merging(tls) { $1 }.merging(authentication) { $1 })
    #expect(both.adminAddress.host == "0.0.0.0")
  }

  @Test func `files that go together are asked for`() async throws {
    let server = try folder.write(authority.issue("server"), as: "server")
    #expect(
      try await fault(["xds-tls-certificate": server.certificate])
        .contains("--xds-tls-key (CHANCERY_XDS_TLS_KEY)")
    )
    #expect(
      try await fault(["admin-tls-key": server.key])
        .contains("--admin-tls-certificate (CHANCERY_ADMIN_TLS_CERTIFICATE)")
    )
    #expect(
      try await fault(["xds-client-ca": server.certificate])
        .contains("--xds-tls-certificate (CHANCERY_XDS_TLS_CERTIFICATE)")
    )
  }

  @Test func `a file that cannot be used is named, with the flag and why`() async throws {
    let server = try folder.write(authority.issue("server"), as: "server")
    let other = try folder.write(authority.issue("server"), as: "other")
    let empty = try folder.write("", as: "empty")
    let damaged = try folder.write(
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
      as: "damaged.pem"
    )
    let encrypted = try folder.write(
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
      as: "encrypted.pem"
    )
    let ca = try folder.write(authority.certificate, as: "ca.pem")
    let cases = [
      (server.certificate, "nowhere.pem", ca, "--xds-tls-key", "nowhere.pem cannot be read"),
      ("nowhere.pem", server.key, ca, "--xds-tls-certificate", "cannot be read"),
      (server.certificate, server.key, "nowhere.pem", "--xds-client-ca", "cannot be read"),
      (folder.url.path, server.key, ca, "--xds-tls-certificate", "is a folder"),
      ("", server.key, ca, "--xds-tls-certificate", "must name a file"),
      (empty, server.key, ca, "--xds-tls-certificate", "has no certificate in PEM"),
      (damaged, server.key, ca, "--xds-tls-certificate", "damaged"),
      (server.certificate, server.key, server.key, "--xds-client-ca", "has no certificate"),
      (server.certificate, server.certificate, ca, "--xds-tls-key", "has no private key in PEM"),
      (server.certificate, other.key, ca, "--xds-tls-key", "does not fit"),
      (server.certificate, encrypted, ca, "--xds-tls-key", "openssl pkey"),
    ]
    for (certificate, key, clientCA, flag, reason) in cases {
      let fault = try await fault([
        "xds-tls-certificate": certificate, "xds-tls-key": key, "xds-client-ca": clientCA,
      ])
      #expect(fault.contains(flag) && fault.contains(reason))
    }
  }

  @Test func `the settings are read from a file too`() async throws {
    let server = try folder.write(authority.issue("server"), as: "server")
    let ca = try folder.write(authority.certificate, as: "ca.pem")
    let file = try folder.write(
      """
      xds-tls-certificate: \(server.certificate)
      xds-tls-key: \(server.key)
      xds-client-ca: \(ca)
      admin-tls-certificate: \(server.certificate)
      admin-tls-key: \(server.key)
      """,
      as: "settings.yaml"
    )

    let settings = try await Settings(flags: [:], environment: [:], file: file)

    #expect(settings.xdsTLS?.clientCA == ca)
    #expect(settings.adminTLS?.key == server.key)
  }
}
