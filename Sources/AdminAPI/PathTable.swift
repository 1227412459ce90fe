import HTTPTypes
import Hummingbird

/// Which methods each path takes, to tell a wrong method from an unknown path.
struct PathTable: Sendable {
  private let entries: [(segments: [Substring], methods: [HTTPRequest.Method])]

  init(_ operations: [Operation]) {
    entries = Dictionary(grouping: operations, by: \.path)
      .map { (Self.segments(of: $0), $1.map(\.method)) }
  }

  /// Why no operation takes the request: 405 with the methods that the path has, or else 404.
  func problem(with request: Request) -> Problem {
    let methods = methods(of: request.uri.path)
    guard !methods.isEmpty else {
      return Problem(.noSuchPath, "There is no such path. GET /openapi.yaml lists them all.")
    }
    let allowed = methods.map(\.rawValue).sorted().joined(separator: ", ")
    return Problem(
      .methodNotAllowed,
      "This path takes \(allowed).",
      headers: [.allow: allowed]
    )
  }

  private func methods(of path: String) -> Set<HTTPRequest.Method> {
    let segments = Self.segments(of: path)
    var methods = Set(entries.filter { Self.matches($0.segments, segments) }.flatMap(\.methods))
    if methods.contains(.get) { methods.insert(.head) }
    return methods
  }

  private static func segments(of path: String) -> [Substring] { path.split(separator: "/") }

  private static func matches(_ template: [Substring], _ path: [Substring]) -> Bool {
    template.count == path.count
      && zip(template, path).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
  }
}
