import HashTreeCollections
import Snapshots
import Synchronization
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

  @Test func `a resource that is made later is made once, and by nobody who only compares`() {
    let calls = Mutex(0)
    let key = ResourceKey(.routes, "r")
    let version = ContentHash(of: "what it is made of".utf8)
    let made = Resource(key, version: version) {
      calls.withLock { $0 += 1 }
      return Resource.Content(body: [1, 2], needs: [ResourceKey(.cluster, "a")])
    }
    var set = ResourceSet()
    set.insert(made)
    #expect(set["r"]?.version == version)
    #expect(calls.withLock { $0 } == 0)
    #expect(made.body == [1, 2])
    #expect(made.needs == [ResourceKey(.cluster, "a")])
    #expect(made.envelope.suffix(2) == [1, 2])
    #expect(calls.withLock { $0 } == 1)
  }

  @Test func `virtual hosts are found by their route configurations`() {
    var set = ResourceSet()
    for name in ["a/x", "a/y", "a/b/x", "none"] {
      set.insert(Resource(ResourceKey(.virtualHost, name), body: []))
    }
    #expect(set.virtualHosts(of: "a").keys.sorted() == ["a/x", "a/y"])
    #expect(set.virtualHosts(of: "a/b").keys.sorted() == ["a/b/x"])
    set.remove("a/x")
    set.insert(Resource(ResourceKey(.virtualHost, "a/y"), body: [1]))
    #expect(set.virtualHosts(of: "a").mapValues(\.body) == ["a/y": [1]])
    set.remove("a/y")
    #expect(set.virtualHosts(of: "a").isEmpty)
  }

  @Test(arguments: ResourceType.allCases)
  func `a type is found by its URL`(type: ResourceType) {
    #expect(ResourceType(url: type.url) == type)
    #expect(ResourceType(url: type.url + "x") == nil)
  }
}
