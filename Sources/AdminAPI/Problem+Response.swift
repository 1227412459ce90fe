import HTTPTypes
import Hummingbird
import Model

extension Problem {
  func response(requestID: String) -> Response { Response(reply(requestID: requestID)) }

  func reply(requestID: String) -> Reply {
    var headers = headers
    headers[.contentType] = "application/problem+json"
    return Reply(code.status, headers: headers, body: json(requestID: requestID).readableBytes)
  }

  private func json(requestID: String) -> JSONValue {
    [
      "type": .string("urn:chancery:problem:\(code.rawValue)"),
      "title": .string(code.title),
      "status": .integer(Int64(code.status.code)),
      "detail": .string(detail),
      "code": .string(code.rawValue),
      "request_id": .string(requestID),
      "errors": .array(flaws.map(\.json)),
    ]
  }
}

extension Problem.Flaw {
  fileprivate var json: JSONValue {
    let (name, place) = member
    return [name: .string(place), "code": .string(code), "detail": .string(detail)]
  }

  private var member: (name: String, place: String) {
    switch place {
    case .pointer(let pointer): ("pointer", pointer)
    case .parameter(let name): ("parameter", name)
    case .header(let name): ("header", name)
    }
  }
}
