import Foundation
import GRDB
import Model
import Testing

@testable import Store

@Suite struct TokenTests {
  private let bench: Bench
  private let now = Date(timeIntervalSince1970: 1_750_000_000.25)

  init() throws { bench = try Bench() }

  private func token(_ name: String, _ role: Role = .editor, until end: Date? = nil) -> Token {
    Token(name: name, role: role, createdAt: now, createdBy: "command", expiresAt: end)
  }

  @Test func `no two secrets are the same, and each can be told from other texts`() {
    let secrets = (0..<100).map { _ in TokenSecret().text }
    #expect(Set(secrets).count == 100)
    #expect(secrets.allSatisfy { $0.wholeMatch(of: /chy_[0-9a-f]{64}/) != nil })
  }

  // FIPS 180-2, appendix B.1.
  @Test func `a digest is a secret's SHA-256`() {
    let digest = TokenSecret("abc").digest.map { String($0, radix: 16) }
    #expect(digest.prefix(4) == ["ba", "78", "16", "bf"])
    #expect(digest.count == 32)
  }

  @Test func `a token is found by its secret, after a restart too`() async throws {
    let secret = TokenSecret()
    var store = try bench.open()
    try await store.create(token("ci", until: now), secret)
    #expect(store.tokens.token(of: secret) == token("ci", until: now))
    #expect(store.tokens.token(of: TokenSecret()) == nil)
    try store.close()
    store = try bench.open()
    #expect(store.tokens.token(of: secret) == token("ci", until: now))
    #expect(store.tokens.tokens == [token("ci", until: now)])
  }

  @Test func `no secret is in the file`() async throws {
    let secret = TokenSecret()
    let store = try bench.open()
    try await store.create(token("known-by-name"), secret)
    try store.close()
    let bytes = try Data(contentsOf: URL(filePath: bench.path))
    #expect(bytes.firstRange(of: Data("known-by-name".utf8)) != nil)
    #expect(bytes.firstRange(of: Data(secret.text.utf8)) == nil)
    #expect(bytes.firstRange(of: Data(secret.text.dropFirst(4).utf8)) == nil)
  }

  @Test func `a name is taken until its token is revoked`() async throws {
    let (former, new) = (TokenSecret(), TokenSecret())
    let store = try bench.open()
    try await store.create(token("ci", .viewer), former)
    await #expect(throws: TokenExists(name: "ci")) {
      try await store.create(token("ci", .admin), new)
    }
    #expect(store.tokens.tokens == [token("ci", .viewer)])
    #expect(try await store.revokeToken("ci", at: now))
    try await store.create(token("ci", .admin), new)
    #expect(store.tokens.token(of: new) == token("ci", .admin))
    #expect(store.tokens.token(of: former) == nil)
  }

  @Test func `a token is revoked once, and stays known`() async throws {
    let secret = TokenSecret()
    let store = try bench.open()
    try await store.create(token("ci"), secret)
    #expect(try await store.revokeToken("ci", at: now))
    #expect(try await store.revokeToken("ci", at: now.addingTimeInterval(9)))
    #expect(try await !store.revokeToken("nobody"))
    #expect(store.tokens.token(of: secret)?.revokedAt == now)
    #expect(store.tokens.token(of: secret)?.state(at: now) == .revoked)
  }

  @Test func `a token expires at its time`() {
    let token = token("ci", until: now)
    #expect(token.state(at: now.addingTimeInterval(-0.001)) == .active)
    #expect(token.state(at: now) == .expired)
    #expect(self.token("ci").state(at: .distantFuture.addingTimeInterval(-1)) == .active)
  }

  @Test func `tokens are in use until all are revoked, expired or not`() async throws {
    let store = try bench.open()
    #expect(!store.tokens.isInUse)
    try await store.create(token("a", until: .distantPast), TokenSecret())
    try await store.create(token("b"), TokenSecret())
    _ = try await store.revokeToken("b")
    #expect(store.tokens.isInUse)
    _ = try await store.revokeToken("a")
    #expect(!store.tokens.isInUse)
  }

  @Test func `tokens are no part of any revision`() async throws {
    let store = try bench.open(seed: [service("s")])
    try await store.write(service("t"))
    let seen = try await store.takeUpDirectWrites()
    try await store.create(token("ci"), TokenSecret())
    #expect(try await store.takeUpDirectWrites(since: seen) == seen)
    _ = try await store.write(
      WriteRequest(author: "ada", kind: .rollback(of: 1)) { head in
        try store.edits(to: 1, from: head) ?? []
      }
    )
    #expect(store.head.revision.number == 3)
    #expect(store.tokens.tokens == [token("ci")])
  }

  @Test func `nothing is kept in a file that was replaced`() async throws {
    let store = try bench.open()
    try FileManager.default.removeItem(atPath: bench.path)
    await #expect(throws: StoreUnavailable.self) {
      try await store.create(token("ci"), TokenSecret())
    }
    #expect(store.tokens.tokens == [])
  }

  @Test func `what a shell made of a token opens nothing`() async throws {
    let store = try bench.open()
    try await bench.run(
      """
      PRAGMA ignore_check_constraints = 1;
      INSERT INTO token (name, role, digest, created_at, created_by, expires_at)
      VALUES ('a', 'god', randomblob(32), '', '', NULL),
        ('b', 'admin', randomblob(32), '', '', 'one day');
      """
    )
    _ = try await store.takeUpDirectWrites()
    #expect(store.tokens.tokens.map(\.role) == [.viewer, .admin])
    #expect(store.tokens.tokens.map { $0.state(at: now) } == [.active, .expired])
  }
}

@Suite struct TokenFileTests {
  private let bench: Bench
  private let secret = TokenSecret()
  private let token = Token(
    name: "ci",
    role: .admin,
    createdAt: Date(timeIntervalSince1970: 1_750_000_000),
    createdBy: "command"
  )

  init() throws { bench = try Bench() }

  @Test func `a store notices what is done to the file`() async throws {
    let store = try bench.open()
    var seen = try await store.takeUpDirectWrites()
    let file = try TokenFile(path: bench.path)
    try file.create(token, secret)
    seen = try await store.takeUpDirectWrites(since: seen)
    #expect(store.tokens.token(of: secret) == token)
    #expect(try file.revokeToken("ci"))
    _ = try await store.takeUpDirectWrites(since: seen)
    #expect(store.tokens.token(of: secret)?.revokedAt != nil)
    #expect(store.head.revision.number == 1)
  }

  @Test(.timeLimit(.minutes(5)))
  func `a store notices it without being asked`() async throws {
    let store = try bench.open()
    let running = Task { try await store.run() }
    try TokenFile(path: bench.path).create(token, secret)
    while store.tokens.token(of: secret) == nil { await Task.yield() }
    running.cancel()
    try await running.value
  }

  @Test func `a token goes even while nothing can be written`() async throws {
    let store = try bench.open()
    try await store.create(token, secret)
    let seen = try await store.takeUpDirectWrites()
    try await bench.run("DROP TRIGGER history_kept; UPDATE token SET revoked_at = 'now'")
    await #expect(throws: StoreUnavailable.self) {
      try await store.takeUpDirectWrites(since: seen)
    }
    #expect(store.tokens.token(of: secret)?.state(at: Date()) == .revoked)
  }

  @Test func `it works on a database that nobody serves, and a store finds it then`() throws {
    try bench.open().close()
    let file = try TokenFile(path: bench.path)
    try file.create(token, secret)
    #expect(throws: TokenExists(name: "ci")) { try file.create(token, TokenSecret()) }
    #expect(try !file.revokeToken("nobody"))
    #expect(try file.tokens() == [token])
    #expect(try bench.open().tokens.token(of: secret) == token)
  }

  @Test func `a file that is not there is not made`() throws {
    #expect(throws: UnusableDatabase.self) { try TokenFile(path: bench.path) }
    #expect(!FileManager.default.fileExists(atPath: bench.path))
  }

  @Test func `an older database is left as it is`() throws {
    let queue = try DatabaseQueue(path: bench.path, configuration: .chancery)
    try queue.writeWithoutTransaction { try $0.migrate(to: 1) }
    try queue.close()
    let before = try Data(contentsOf: URL(filePath: bench.path))
    let error = #expect(throws: UnusableDatabase.self) { try TokenFile(path: bench.path) }
    #expect(error?.reason.contains("chancery serve") == true)
    #expect(try Data(contentsOf: URL(filePath: bench.path)) == before)
  }

  @Test func `another file is left as it is`() throws {
    try Data("no database, but long enough for its header to be looked at".utf8)
      .write(to: URL(filePath: bench.path))
    #expect(throws: UnusableDatabase.self) { try TokenFile(path: bench.path) }
  }
}
