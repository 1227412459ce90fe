import ServiceLifecycle
import Testing

@testable import ControlPlane

@Suite struct GracePeriodTests {
  @Test func `what ends by itself ends the wait`() async throws {
    try await withGracePeriod(.seconds(3600)) {}
  }

  @Test func `what it throws is thrown`() async {
    struct Failure: Error {}
    await #expect(throws: Failure.self) {
      try await withGracePeriod(.seconds(3600)) { throw Failure() }
    }
  }
}
