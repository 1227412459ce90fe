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

  @Test func `a write of one route tells it, and its answer can be sent back`() async throws {
    try await API.serve { api in
      try await api.send(.put, "/config", Self.body)
      let text = #"{"name": "two", "match": {"exact": "/b"}, "respond": {"status": 200}}"#
      let created = try await api.send(.post, "/routes", text)
      #expect(created.json["warnings"]?.elements.map { $0["pointer"] } == ["/routes/two"])
      let patched = try await api.send(.patch, "/routes/two", #"{"labels": {"a": "b"}}"#)
      #expect(patched.json["warnings"]?.elements.map { $0["hidden_by"] } == ["/routes/all"])
      let replaced = try await api.send(.put, "/routes/all", Self.raised)
      #expect(
        replaced.json["warnings"]?.elements.map { $0["pointer"] } == ["/routes/one", "/routes/two"]
      )
      try await api.expect(200, .put, "/routes/all", replaced.text)
      #expect(try await api.send(.get, "/routes/all").json["warnings"] == nil)
    }
  }

  private static let raised =
    #"{"match": {"prefix": "/"}, "respond": {"status": 200}, "priority": 2}"#

  @Test func `without a hidden route there are none`() async throws {
    try await API.serve { api in
      let answer = try await api.send(.patch, "/config", #"{"services": {"a": {}}}"#)
      #expect(answer.json["warnings"] == nil)
    }
  }
}
