import Model
import Testing

private let cases: [(String, String, String)] = [
  ("1", "1", "[]"),
  ("1", "2", #"[{"op":"replace","path":"","value":2}]"#),
  (#"{"a":1}"#, "{}", #"[{"op":"remove","path":"/a"}]"#),
  (#"{"a":1}"#, #"{"a":1,"b":null}"#, #"[{"op":"add","path":"/b","value":null}]"#),
  (
    #"{"a":{"b/c":1,"d":2}}"#, #"{"a":{"b/c":2,"d":2}}"#,
    #"[{"op":"replace","path":"/a/b~1c","value":2}]"#
  ),
  (#"[1,2,3]"#, #"[1,3]"#, #"[{"op":"remove","path":"/1"}]"#),
  (#"[1,3]"#, #"[1,2,3]"#, #"[{"op":"add","path":"/1","value":2}]"#),
  (#"[1,1]"#, #"[1,1,1]"#, #"[{"op":"add","path":"/2","value":1}]"#),
  (
    #"[{"a":1},5,6]"#, #"[{"a":2}]"#,
    """
    [{"op":"replace","path":"/0/a","value":2},{"op":"remove","path":"/2"},\
    {"op":"remove","path":"/1"}]
    """
  ),
  (#"{"a":[1]}"#, #"{"a":{}}"#, #"[{"op":"replace","path":"/a","value":{}}]"#),
]

@Test(arguments: cases)
func `a patch has the steps from one value to another`(before: String, after: String, patch: String)
  throws
{
  let before = try JSONValue(json: Array(before.utf8))
  let after = try JSONValue(json: Array(after.utf8))
  #expect(JSONPatch(from: before, to: after).json.text == patch)
}

@Test func `what is made or taken away as a whole is one step at the root`() {
  #expect(JSONPatch(from: nil, to: 1).json.text == #"[{"op":"add","path":"","value":1}]"#)
  #expect(JSONPatch(from: 1, to: nil).json.text == #"[{"op":"remove","path":""}]"#)
  #expect(JSONPatch(from: nil, to: nil).isEmpty)
}

@Test(arguments: 0..<300)
func `the steps of a patch lead from any value to any other`(seed: Int) {
  var random = RandomValues(seed: UInt64(seed))
  let before = random.value(depth: 3)
  let after = seed.isMultiple(of: 2) ? random.value(depth: 3) : random.altered(before)
  let patch = JSONPatch(from: before, to: after)
  #expect(patch.applied(to: before) == after)
  #expect(patch.isEmpty == (before == after))
}

/// Small values, of which many are alike.
private struct RandomValues {
  private var generator: Numbers

  init(seed: UInt64) { generator = Numbers(state: seed &* 0x9e37_79b9_7f4a_7c15 | 1) }

  mutating func value(depth: Int) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 6 : 3), using: &generator) {
    case 0: .null
    case 1: .integer(Int64.random(in: 0..<3, using: &generator))
    case 2: "x"
    case 3, 4: .array((0..<count).map { _ in value(depth: depth - 1) })
    default: .object(members(depth: depth - 1))
    }
  }

  private var count: Int { mutating get { Int.random(in: 0..<5, using: &generator) } }

  private mutating func members(depth: Int) -> [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    for name in ["a", "b/~", "c"] where Bool.random(using: &generator) {
      members[name] = value(depth: depth)
    }
    return members
  }

  mutating func altered(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(var elements):
      if Bool.random(using: &generator), !elements.isEmpty {
        elements.remove(at: Int.random(in: 0..<elements.count, using: &generator))
      } else {
        elements.insert(
          self.value(depth: 1),
          at: Int.random(in: 0...elements.count, using: &generator)
        )
      }
      return .array(elements)
    case .object(let members): return .object(members.mapValues { altered($0) })
    default: return self.value(depth: 1)
    }
  }
}

private struct Numbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}

extension JSONPatch {
  /// What RFC 6902 says the operations do.
  fileprivate func applied(to value: JSONValue) -> JSONValue? {
    operations.reduce(value) { value, operation in
      switch operation {
      case .add(let path, let new), .replace(let path, let new):
        value?.setting(path.steps, to: new, isNew: operation.isAddition)
      case .remove(let path): value?.setting(path.steps, to: nil, isNew: false)
      }
    }
  }
}

extension JSONPatch.Operation {
  fileprivate var isAddition: Bool { if case .add = self { true } else { false } }
}

extension String {
  fileprivate var steps: ArraySlice<String> {
    split(separator: "/", omittingEmptySubsequences: false).dropFirst()
      .map { String($0).replacing("~1", with: "/").replacing("~0", with: "~") }[...]
  }
}

extension JSONValue {
  fileprivate func setting(_ steps: ArraySlice<String>, to new: JSONValue?, isNew: Bool)
    -> JSONValue?
  {
    guard let step = steps.first else { return new }
    let rest = steps.dropFirst()
    switch self {
    case .object(var members):
      members[step] =
        rest.isEmpty ? new : members[step]?.setting(rest, to: new, isNew: isNew)
      return .object(members)
    case .array(var elements):
      let index = Int(step) ?? -1
      if rest.isEmpty, isNew, let new {
        elements.insert(new, at: index)
      } else if let value = elements[index].setting(rest, to: new, isNew: isNew) {
        elements[index] = value
      } else {
        elements.remove(at: index)
      }
      return .array(elements)
    default: return nil
    }
  }
}
