import Foundation
import HTTPTypes
import Model
import Store
import Testing

/// Every operation, by whoever may call; the operations are those of the description, so that none
/// is forgotten.
struct AccessTests {
  enum Caller: String, CaseIterable, Sendable {
    case nobody, ofOtherScheme, unknown, empty, expired, revoked, viewer, editor, admin

    /// nil: its token does not hold, or there is none.
    var role: Role? { Role(rawValue: rawValue) }

    /// Whether it sent a bearer token, good or bad.
    var sendsToken: Bool { self != .nobody && self != .ofOtherScheme }

    /// Makes its token, if there is one of that kind, and gives what it sends.
    func headers(in api: API) async throws -> HTTPFields {
      switch self {
      case .nobody: return [:]
      case .ofOtherScheme: return [.authorization: "Basic YTpi"]
      case .unknown: return [.authorization: "Bearer \(TokenSecret().text)"]
      case .empty: return [.authorization: "Bearer"]
      case .expired: return try await api.makeToken(rawValue, .admin, until: .now)
      case .revoked:
        let headers = try await api.makeToken(rawValue, .admin)
        _ = try await api.store.revokeToken(rawValue)
        return headers
      case .viewer, .editor, .admin: return try await api.makeToken(rawValue, role ?? .viewer)
      }
    }
  }

  @Test(arguments: Caller.allCases)
  func `every operation takes the role that is described`(caller: Caller) async throws {
    try await API.serve(requiresAuthentication: true) { api in
      let headers = try await caller.headers(in: api)
      for operation in Description.shared.operations {
        let before = api.revision
        let answer = try await api.send(
          HTTPRequest.Method(operation.method) ?? .get,
          operation.sample,
          operation.value["requestBody"].map { _ in "{}" },
          headers: headers
        )
        let name = "\(operation.method) \(operation.path)"
        guard let needed = operation.role else {
          #expect(![401, 403].contains(answer.status), "\(name)")
          continue
        }
        switch caller.role {
        case nil:
          #expect(answer.code == "unauthenticated", "\(name): \(answer.text)")
          let error = caller.sendsToken ? ", error=\"invalid_token\"" : ""
          #expect(answer["WWW-Authenticate"] == "Bearer realm=\"chancery\"\(error)", "\(name)")
          #expect(api.revision == before, "\(name)")
        case let role? where role < needed:
          #expect(answer.status == 403, "\(name): \(answer.text)")
          #expect(answer.code == "forbidden", "\(name)")
          #expect(api.revision == before, "\(name)")
        default: #expect(![401, 403].contains(answer.status), "\(name): \(answer.text)")
        }
      }
    }
  }

  @Test(arguments: [Caller.nobody, .viewer, .editor, .admin])
  func `HEAD takes the role that GET takes`(caller: Caller) async throws {
    try await API.serve(requiresAuthentication: true) { api in
      let headers = try await caller.headers(in: api)
      for operation in Description.shared.operations where operation.method == "GET" {
        let get = try await api.send(.get, operation.sample, headers: headers)
        let head = try await api.send(.head, operation.sample, headers: headers)
        #expect(head.status == get.status, "\(operation.path)")
      }
    }
  }

  @Test func `only what tells of the process is open`() {
    let open = Description.shared.operations.filter { $0.role == nil }.map(\.path)
    #expect(open == ["/healthz", "/readyz", "/version"])
  }

  @Test func `no write takes less than an editor, and tokens and backups take an admin`() {
    for operation in Description.shared.operations {
      let least: Role =
        operation.path.hasPrefix("/tokens") || operation.path == "/backup"
        ? .admin : operation.method == "GET" ? .viewer : .editor
      guard let role = operation.role else { continue }
      #expect(role == least, "\(operation.method) \(operation.path)")
    }
  }

  @Test func `every operation is described with the refusals that it can give`() {
    for operation in Description.shared.operations {
      let name = "\(operation.method) \(operation.path)"
      #expect(operation.statuses.contains(401) == (operation.role != nil), "\(name)")
      #expect(
        operation.statuses.contains(403) == ((operation.role ?? .viewer) > .viewer),
        "\(name)"
      )
    }
  }

  @Test func `a path that there is not takes a token too`() async throws {
    try await API.serve(requiresAuthentication: true) { api in
      let headers = try await api.makeToken("ci", .viewer)
      for path in ["/nowhere", "/healthz/", "/healthz/x", "/services/a/b"] {
        let status = path == "/healthz/" ? 200 : 401
        try await api.expect(status, .get, path)
      }
      try await api.expect(404, .get, "/nowhere", headers: headers)
      try await api.expect(405, .put, "/healthz", "{}", headers: headers)
    }
  }
}

extension Description.Operation {
  /// The role that it takes; nil if anybody may call it.
  fileprivate var role: Role? {
    let security = value["security"] ?? Description.shared.document["security"]
    return security?.elements.first?["bearer"]?.elements.first?.string.flatMap(Role.init)
  }
}

extension API {
  /// Makes a token, and gives what its bearer sends.
  func makeToken(_ name: String, _ role: Role, until end: Date? = nil) async throws -> HTTPFields {
    let secret = TokenSecret()
    try await store.create(
      Token(name: name, role: role, createdAt: .now, createdBy: "command", expiresAt: end),
      secret
    )
    return [.authorization: "Bearer \(secret.text)"]
  }
}
