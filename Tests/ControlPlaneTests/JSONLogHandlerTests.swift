import Foundation
import Logging
import Model
import Testing

@testable import ControlPlane

@Suite struct JSONLogHandlerTests {
  @Test func `an event is one line of JSON with the time in UTC`() throws {
    var handler = JSONLogHandler()
    handler[metadataKey: "node"] = "envoy-1"
    let event = LogEvent(
      level: .warning,
      message: "Refused\nby a proxy",
      metadata: ["types": ["a", "b"], "counts": ["sent": "\(2)"]],
      source: "XDSServer",
      file: "",
      function: "",
      line: 0
    )

    let line = handler.line(event, at: Date(timeIntervalSince1970: 1_767_225_600.25))

    #expect(line.hasSuffix("}\n"))
    #expect(line.dropLast().allSatisfy { $0 != "\n" })
    #expect(
      try JSONValue(json: line) == [
        "time": "2026-01-01T00:00:00.250Z", "level": "warning", "source": "XDSServer",
        "message": "Refused\nby a proxy", "node": "envoy-1", "types": ["a", "b"],
        "counts": ["sent": "2"],
      ]
    )
  }
}
