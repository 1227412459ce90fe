/// Puts a value together from what a reader finds, on a stack of its own: no text, however deeply
/// nested, can exhaust the thread's.
struct ValueBuilder {
  /// The deepest nesting of arrays and objects: far more than any document needs, and little
  /// enough for whatever walks through a value by recursion.
  static let deepest = 128

  private struct Container {
    var isObject: Bool
    var elements: [JSONValue] = []
    var members: [String: JSONValue] = [:]
    var key: String?
  }

  private var open: [Container] = []
  /// The whole value, as soon as it is complete.
  private(set) var result: JSONValue?

  var isComplete: Bool { result != nil }

  /// Whether the innermost open container is an object; nil if none is open.
  var isInObject: Bool? { open.last?.isObject }

  /// Whether a member's name comes next.
  var awaitsKey: Bool { open.last.map { $0.isObject && $0.key == nil } ?? false }

  /// Opens an array or object; false if that is too deep.
  mutating func begin(object isObject: Bool) -> Bool {
    guard open.count < Self.deepest else { return false }
    open.append(Container(isObject: isObject))
    return true
  }

  /// Takes the name of the next member; false if the object has it already.
  mutating func key(_ name: String) -> Bool {
    guard open[open.count - 1].members[name] == nil else { return false }
    open[open.count - 1].key = name
    return true
  }

  mutating func add(_ value: JSONValue) {
    guard let last = open.indices.last else { return result = value }
    if let key = open[last].key {
      open[last].members[key] = value
      open[last].key = nil
    } else {
      open[last].elements.append(value)
    }
  }

  /// Closes the innermost container, which is then a value of the one around it.
  mutating func end() {
    guard let container = open.popLast() else { return }
    add(container.isObject ? .object(container.members) : .array(container.elements))
  }
}
