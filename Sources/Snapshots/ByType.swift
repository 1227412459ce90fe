/// A value for each of some types of resources: a dictionary for the handful of types that there
/// are, without hashing.
package struct ByType<Value> {
  /// In the order in which the types were put in.
  private var elements: [(type: ResourceType, value: Value)] = []

  package init() {}

  /// Each type may stand there once.
  package init(_ elements: some Sequence<(ResourceType, Value)>) {
    for (type, value) in elements { append(value, for: type) }
  }

  package subscript(type: ResourceType) -> Value? {
    get { elements.first { $0.type == type }?.value }
    set {
      let index = elements.firstIndex { $0.type == type }
      switch (index, newValue) {
      case (let index?, let value?): elements[index].value = value
      case (let index?, nil): elements.remove(at: index)
      case (nil, let value?): elements.append((type, value))
      case (nil, nil): break
      }
    }
  }

  package var isEmpty: Bool { elements.isEmpty }

  package var keys: [ResourceType] { elements.map(\.type) }

  package var values: [Value] { elements.map(\.value) }

  /// Puts in a type that is not there yet.
  package mutating func append(_ value: Value, for type: ResourceType) {
    elements.append((type, value))
  }

  /// Makes room for so many types at once.
  package mutating func reserveCapacity(_ count: Int) { elements.reserveCapacity(count) }
}

extension ByType: Sequence {
  /// A type and its value.
  package typealias Element = (type: ResourceType, value: Value)

  /// Goes through the types in the order in which they were put in.
  package func makeIterator() -> IndexingIterator<[Element]> { elements.makeIterator() }
}

extension ByType: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (ResourceType, Value)...) {
    for (type, value) in elements { self[type] = value }
  }
}

extension ByType: Sendable where Value: Sendable {}

/// The order does not count.
extension ByType: Equatable where Value: Equatable {
  package static func == (left: Self, right: Self) -> Bool {
    left.elements.count == right.elements.count
      && left.elements.allSatisfy { right[$0.type] == $0.value }
  }
}
