import Snapshots
import Testing

struct ResourceTests {
  func resource(_ name: String, _ body: String) -> Resource {
    Resource(ResourceKey(.cluster, name), body: Array(body.utf8))
  }

  @Test func `X1: equal bytes have equal versions, others have others`() {
    #expect(resource("a", "x").version == resource("b", "x").version)
    #expect(resource("a", "x").version != resource("a", "y").version)
    #expect("\(resource("a", "x").version)".count == 16)
  }

  @Test func `X1: a version is the same in every process`() {
    // The two halves of SHA-256("abc"): ba7816bf8f01cfea and 414140de5dae2223, each with each.
    #expect("\(resource("a", "abc").version)" == "fb395661d2afedc9")
  }

  @Test func `the body is what was put in`() {
    #expect(resource("a", "content").body == Array("content".utf8))
    #expect(resource("a", "").body == [])
  }

  @Test func `X1: the fingerprint of a set does not depend on the order`() {
    var (one, other) = (ResourceSet(), ResourceSet())
    let all = (1...20).map { resource("\($0)", "body \($0)") }
    for resource in all { one.insert(resource) }
    for resource in all.reversed() { other.insert(resource) }
    #expect(one.fingerprint == other.fingerprint)
  }

  @Test func `the fingerprint tells names and contents apart`() {
    func fingerprint(_ resources: Resource...) -> ContentHash {
      var set = ResourceSet()
      for resource in resources { set.insert(resource) }
      return set.fingerprint
    }
    let (x, y) = (resource("a", "x"), resource("b", "y"))
    #expect(fingerprint(x, y) != fingerprint(resource("a", "y"), resource("b", "x")))
    #expect(fingerprint(x) != fingerprint(resource("b", "x")))
    #expect(fingerprint(x) != fingerprint(x, y))
    #expect(fingerprint() == .zero)
  }

  @Test func `the fingerprint follows replacements and removals`() {
    var (set, expected) = (ResourceSet(), ResourceSet())
    set.insert(resource("a", "old"))
    set.insert(resource("b", "gone"))
    set.insert(resource("a", "new"))
    set.remove("b")
    set.remove("never there")
    expected.insert(resource("a", "new"))
    #expect(set.fingerprint == expected.fingerprint)
    #expect(set.count == 1)
    #expect(set["a"]?.body == Array("new".utf8))
  }

  @Test(arguments: ResourceType.allCases)
  func `a type is found by its URL`(type: ResourceType) {
    #expect(ResourceType(url: type.url) == type)
    #expect(ResourceType(url: type.url + "x") == nil)
  }
}
