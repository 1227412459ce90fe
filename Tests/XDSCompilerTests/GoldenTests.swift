import Foundation
import Model
import Testing
import XDSCompiler

/// To accept what the compiler makes now: `CHANCERY_UPDATE_CASES=1 swift test --filter GoldenTests`.
private let isUpdating = ProcessInfo.processInfo.environment["CHANCERY_UPDATE_CASES"] == "1"

@Test func `there are golden cases, and no CI job rewrites them`() {
  #expect(GoldenCase.all.count >= 12)
  if isUpdating { #expect(ProcessInfo.processInfo.environment["CI"] != "true") }
}

@Test(arguments: GoldenCase.all)
func `a document makes just these resources`(golden: GoldenCase) throws {
  if isUpdating {
    try #require(ProcessInfo.processInfo.environment["CI"] != "true")
    try golden.rewrite()
  }
  let expected = try JSONValue(json: String(contentsOf: golden.expected, encoding: .utf8))
  let made = try golden.compile().fleets.json
  #expect(
    made == expected,
    "\(golden): \(String(decoding: made.bytes(pretty: true), as: UTF8.self))"
  )
}
