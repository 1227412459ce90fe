import HTTPTypes
import Model
import Testing

/// `warnings` in the answers to writes.
struct WarningTests {
  private static let body = """
    {"routes": {
      "all": {"match": {"prefix": "/"}, "respond": {"status": 200}, "priority": 1},
      "one": {"match": {"exact": "/a"}, "respond": {"status": 200}}}}
    """

  @Test func `plans, writes of the document and reverts tell which route hides another`()
    async throws
  {
    try await API.serve { api in
      for uri in ["/config?dry_run=true", "/config"] {
        let answer = try await api.send(.put, uri, Self.body)
        #expect(answer.json["warnings"]?.elements.map { $0["pointer"] } == ["/routes/one"])
        #expect(answer.json["warnings"]?.elements.map { $0["hidden_by"] } == ["/routes/all"])
      }
      try await api.expect(204, .delete, "/routes/one")
      let revert = try await api.send(.post, "/revisions/3/revert")
      #expect(revert.status == 201)
      #expect(revert.json["warnings"]?.elements.count == 1)
    }
  }

  @Test func `without a hidden route there are none`() async throws {
    try await API.serve { api in
      let answer = try await api.send(.patch, "/config", #"{"services": {"a": {}}}"#)
      #expect(answer.json["warnings"] == nil)
    }
  }
}
