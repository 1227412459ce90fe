import EnvoyAPI
import Model
import Snapshots
import SwiftProtobuf
import Testing
import XDSCompiler

/// Each row: the routes' matches (and priority) by name, and the names in the order they must have.
private let rows: [(String, [String])] = [
  (#""long": {"prefix": "/api/users"}, "a-short": {"prefix": "/api"}"#, ["long", "a-short"]),
  (#""exact": {"exact": "/x"}, "a-prefix": {"prefix": "/x/y/z"}"#, ["exact", "a-prefix"]),
  (#""prefix": {"prefix": "/"}, "a-regex": {"regex": "/x.*"}"#, ["prefix", "a-regex"]),
  (
    #""get": {"prefix": "/x", "methods": ["GET"]}, "all": {"prefix": "/x"}"#, ["get", "all"]
  ),
  (
    #"""
    "two": {"prefix": "/", "headers": [{"name": "a", "present": true}, {"name": "b", "present": true}]},
    "one": {"prefix": "/", "headers": [{"name": "a", "present": true}]}
    """#, ["two", "one"]
  ),
  (
    #""b": {"prefix": "/", "methods": ["GET"]}, "a": {"prefix": "/", "methods": ["PUT"]}"#,
    ["a", "b"]
  ),
]

@Test(arguments: rows)
func `routes stand in the order in which they must be tried`(
  matches: String,
  order: [String]
) throws {
  let routes = try JSONValue(json: "{\(matches)}")
  #expect(try envoyOrder(of: routes, priority: [:]) == order)
}

@Test func `a higher priority comes first, whatever the match`() throws {
  let routes: JSONValue = ["low": ["exact": "/x"], "high": ["regex": "/.*"]]
  #expect(try envoyOrder(of: routes, priority: ["high": 1]) == ["high", "low"])
  #expect(try envoyOrder(of: routes, priority: ["low": -1]) == ["high", "low"])
}

private func envoyOrder(of matches: JSONValue, priority: [String: Int64]) throws -> [String] {
  guard case .object(let members) = matches else { return [] }
  var routes: [String: JSONValue] = [:]
  for (name, match) in members {
    routes[name] = [
      "match": match, "respond": ["status": 200], "priority": .integer(priority[name] ?? 0),
    ]
  }
  let json: JSONValue = ["gateways": ["main": ["port": 80]], "routes": .object(routes)]
  let resource = try Compilation(of: Document(json)).fleets.others[.routes]["main"]
  let configuration = try Envoy_Config_Route_V3_RouteConfiguration(
    serializedBytes: #require(resource).body
  )
  return configuration.virtualHosts.flatMap { $0.routes.map(\.name) }
}
