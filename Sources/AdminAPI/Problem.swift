import HTTPTypes
import Model

/// Why a request is not answered as asked: what RFC 9457 calls a problem.
struct Problem: Error, Sendable {
  /// One thing that is wrong with the request.
  struct Flaw: Hashable, Sendable {
    enum Place: Hashable, Sendable {
      /// A JSON pointer (RFC 6901) into the body, or into the document.
      case pointer(String)
      /// A parameter of the path or the query.
      case parameter(String)
      case header(String)
    }

    var place: Place
    var code: String
    /// A sentence that says what to do.
    var detail: String

    init(_ place: Place, _ code: Fault.Code, _ detail: String) {
      self.place = place
      self.code = code.rawValue
      self.detail = detail
    }

    func isAbout(parameters: Set<String>) -> Bool {
      if case .parameter(let name) = place { parameters.contains(name) } else { false }
    }

    init(_ fault: Fault) { self.init(.pointer(fault.pointer), fault.code, fault.detail) }
  }

  var code: Code
  var detail: String
  var flaws: [Flaw]
  var headers: HTTPFields

  init(_ code: Code, _ detail: String, flaws: [Flaw] = [], headers: HTTPFields = [:]) {
    self.code = code
    self.detail = detail
    self.flaws = flaws
    self.headers = headers
  }

  /// A request whose content makes no sense, with all that is wrong with it.
  init(invalid flaws: [Flaw]) {
    self.init(.invalid, Self.summary(of: flaws.map(\.detail)), flaws: flaws)
  }

  init(_ refusal: Refusal) {
    self.init(
      refusal.kind == .invalid ? .invalid : .conflict,
      Self.summary(of: refusal.faults.map(\.detail), hasMore: refusal.hasMore),
      flaws: refusal.faults.map(Flaw.init)
    )
  }

  private static func summary(of details: [String], hasMore: Bool = false) -> String {
    switch details.count {
    case 0, 1: details.first ?? "The request is not acceptable."
    case let count where hasMore:
      "\(details[0]) There are more than \(count) faults; errors has the first ones found."
    case let count: "\(details[0]) There are \(count) faults in all; see errors."
    }
  }
}

extension Problem {
  static func notFound(_ kind: String, _ name: String) -> Problem {
    Problem(.notFound, "There is no \(kind) \"\(name)\".")
  }

  static func noSuchRevision(_ number: String) -> Problem {
    Problem(.noSuchRevision, "There is no revision \(number).")
  }

  static func exists(_ kind: String, _ name: String, at pointer: String) -> Problem {
    let detail = "The \(kind) \"\(name)\" is there already. Change it with PUT or PATCH."
    return Problem(.exists, detail, flaws: [Flaw(.pointer(pointer), .exists, detail)])
  }
}
