import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// Calls the HTTP API of a running Chancery.
package struct AdminClient: Sendable {
  /// Where it runs and how to get in.
  package struct Settings: Sendable {
    /// Such as `http://127.0.0.1:18001`.
    package var server: String
    /// Sent as `Authorization: Bearer`; nil sends none.
    package var token: String?
    /// A PEM file of the authorities that may vouch for the server; nil takes the system's.
    package var authorities: String?

    package init(server: String, token: String? = nil, authorities: String? = nil) {
      self.server = server
      self.token = token
      self.authorities = authorities
    }
  }

  private let base: String
  private let settings: Settings
  private let client: HTTPClient

  /// Calls with a client of this server, and closes it afterwards.
  ///
  /// - Throws: `NoServer` if the URL is none; what the body throws.
  package static func with<Value: Sendable>(
    _ settings: Settings,
    _ body: (AdminClient) async throws -> Value
  ) async throws -> Value {
    let client = HTTPClient(configuration: try configuration(of: settings))
    do {
      let value = try await body(AdminClient(settings, client))
      try await client.shutdown()
      return value
    } catch {
      try? await client.shutdown()
      throw error
    }
  }

  private init(_ settings: Settings, _ client: HTTPClient) throws {
    guard let url = URL(string: settings.server), ["http", "https"].contains(url.scheme),
      url.host?.isEmpty == false
    else {
      throw NoServer(server: settings.server, reason: "It is no http:// or https:// URL.")
    }
    base = String(settings.server.reversed().drop { $0 == "/" }.reversed())
    self.settings = settings
    self.client = client
  }

  private static func configuration(of settings: Settings) throws -> HTTPClient.Configuration {
    var configuration = HTTPClient.Configuration()
    // What one asks for is what one gets: no answer of another server.
    configuration.redirectConfiguration = .disallow
    configuration.timeout.connect = .seconds(5)
    // Neither a port that nobody listens on nor a certificate gets better by trying again.
    configuration.connectionPool.retryConnectionEstablishment = false
    guard let file = settings.authorities else { return configuration }
    do {
      var tls = TLSConfiguration.makeClientConfiguration()
      tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(file))
      configuration.tlsConfiguration = tls
      return configuration
    } catch {
      throw NoServer(server: settings.server, reason: "No certificates can be read from \(file).")
    }
  }
}

extension AdminClient {
  /// Sends a call and reads its answer to the end.
  ///
  /// - Throws: `NoServer` if there is no answer; `Refused` if the answer is an error.
  package func send(_ call: AdminCall) async throws -> AdminAnswer {
    do {
      let response = try await client.execute(request(call), timeout: call.patience)
      let body = try await response.body.collect(upTo: 1 << 30)
      let answer = AdminAnswer(
        status: Int(response.status.code),
        headers: Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { $1 },
        body: Array(body.readableBytesView)
      )
      if answer.status >= 300 { throw Refused(answer) }
      return answer
    } catch let refused as Refused {
      throw refused
    } catch {
      throw NoServer(server: settings.server, reason: Self.reason(of: error))
    }
  }

  /// Sends a call and writes its answer's body, piece by piece.
  ///
  /// - Throws: As `send` does; what `write` throws.
  package func download(_ call: AdminCall, _ write: (ArraySlice<UInt8>) throws -> Void) async throws
  {
    let response: HTTPClientResponse
    do {
      response = try await client.execute(request(call), timeout: call.patience)
    } catch {
      throw NoServer(server: settings.server, reason: Self.reason(of: error))
    }
    if response.status.code >= 300 {
      let body = try await response.body.collect(upTo: 1 << 20)
      throw Refused(
        AdminAnswer(
          status: Int(response.status.code),
          headers: [:],
          body: Array(body.readableBytesView)
        )
      )
    }
    for try await piece in response.body { try write(Array(piece.readableBytesView)[...]) }
  }

  private func request(_ call: AdminCall) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: base + call.path)
    request.method = .RAW(value: call.method)
    for (name, value) in call.headers { request.headers.replaceOrAdd(name: name, value: value) }
    if let token = settings.token {
      request.headers.replaceOrAdd(name: "authorization", value: "Bearer \(token)")
    }
    if let body = call.body { request.body = .bytes(ByteBuffer(bytes: body)) }
    return request
  }

  private static func reason(of error: any Error) -> String {
    switch error {
    case let error as HTTPClientError where error == .connectTimeout || error == .deadlineExceeded:
      "It does not answer."
    case let error as HTTPClientError: "\(error.shortDescription)."
    case is NIOSSLError where "\(error)".contains("CERTIFICATE_VERIFY_FAILED"):
      "Its certificate is of no CA that is trusted here: name its CA with --ca or CHANCERY_CA."
    case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
      "Its TLS certificate is not accepted: \(error)."
    // Hosts with several addresses have an error of their own, with those of all addresses.
    default: "\(error)".contains("Connection refused") ? "Nothing listens there." : "\(error)"
    }
  }
}
