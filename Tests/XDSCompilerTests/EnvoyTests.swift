import Model
import Snapshots
import Testing
import XDSCompiler

@Test(arguments: GoldenCase.all)
func `Envoy takes the resources of every golden case without a warning`(golden: GoldenCase)
  async throws
{
  for (fleet, snapshot) in try golden.compile().fleets.byFleet {
    let complaint = try await Envoy.complaint(about: snapshot.staticBootstrap)
    #expect(complaint == nil, "fleet \(fleet)")
  }
}

/// Patterns around what RE2 and Envoy refuse, of different encodings and sizes.
private let patterns = [
  "/users/[0-9]+", "/[a-z0-9-]{1,63}", "/(", "/a++", "/a{1001}", "/(?P<name>a)", "", "^/a$",
  "/\\d{95}", "/\\d{96}", "/" + String(repeating: "a", count: 95),
  "/" + String(repeating: "a", count: 96), "/.{30}", "/[^/]{10}", "/\\pL+", "/é+", "/é{60}",
  "/€{33}", "/[日本]{20}", "/日本{10}", "/\u{0}", "/a\nb", "/\\C+", "/\\z", "(?i)/abc", "/\\Qa.b\\E",
  "/\\", "/[z-a]", "/(?=a)", "/a*?", "/\\1",
]

@Test(arguments: patterns)
func `a pattern is accepted just where Envoy takes it`(pattern: String) async throws {
  let route: JSONValue = ["match": ["regex": .string(pattern)], "respond": ["status": 200]]
  let document: JSONValue = ["gateways": ["main": ["port": 8080]], "routes": ["route": route]]
  let isAccepted = (try? Document(document)) != nil
  let isTaken = try await envoyTakes(regex: pattern)
  #expect(isAccepted == isTaken)
}

private func envoyTakes(regex: String) async throws -> Bool {
  var document = Document()
  document[ObjectKey(.gateway, "main")] = .gateway(Gateway(port: 8080))
  document[ObjectKey(.route, "route")] = .route(
    Route(match: RouteMatch(path: .regex(regex)), action: .respond(.init(status: 200)))
  )
  let snapshot = try Compilation(of: document).fleets.others
  return try await Envoy.complaint(about: snapshot.staticBootstrap) == nil
}

/// Lists of methods whose characters mean something to RE2, and one that is too long for it.
private let methodLists = [
  ["GET", "POST"], ["*", "GET"], ["A|B", "C.D"], ["!#$%&'*+-.^_`|~", "GET"],
  [
    "A|n|s|x|c|h|m|r|w|b|g|l|q|v|a|f", "B|o|t|y|d|i|n|s|x|c|h|m|r|w|b|g",
    "C|p|u|z|e|j|o|t|y|d|i|n|s|x|c|h", "D|q|v|a|f|k|p|u|z|e|j|o|t|y|d|i",
    "E|r|w|b|g|l|q|v|a|f|k|p|u|z|e|j",
  ],
]

@Test(arguments: methodLists)
func `a list of methods is accepted just where Envoy takes it`(methods: [String]) async throws {
  let route: JSONValue = [
    "match": ["prefix": "/", "methods": .array(methods.map { .string($0) })],
    "respond": ["status": 200],
  ]
  let document: JSONValue = ["gateways": ["main": ["port": 8080]], "routes": ["route": route]]
  let isAccepted = (try? Document(document)) != nil
  var unchecked = Document()
  unchecked[ObjectKey(.gateway, "main")] = .gateway(Gateway(port: 8080))
  unchecked[ObjectKey(.route, "route")] = .route(
    Route(
      match: RouteMatch(path: .prefix("/"), methods: methods),
      action: .respond(.init(status: 200))
    )
  )
  let snapshot = try Compilation(of: unchecked).fleets.others
  let isTaken = try await Envoy.complaint(about: snapshot.staticBootstrap) == nil
  #expect(isAccepted == isTaken)
}
