import Model
import Publisher
import Store

extension ConfigWriteResult {
  /// What the writer should know of what was done, in an answer's member `warnings`; the member is
  /// left out if there is none.
  var warnings: JSONValue {
    let hidden = head.document.hiddenRoutes(by: change)
    return hidden.isEmpty ? [:] : ["warnings": .array(hidden.map(\.json))]
  }
}

extension HiddenRoute {
  fileprivate var json: JSONValue {
    [
      "pointer": .string(ObjectKey(.route, name).pointer),
      "hidden_by": .string(ObjectKey(.route, hidingName).pointer),
      "code": "hidden_route",
      "detail": .string(
        "The route \"\(hidingName)\" takes all of its requests on host \"\(host)\" before it."
      ),
    ]
  }
}
