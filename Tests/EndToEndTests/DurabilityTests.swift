import Testing

extension EndToEnd {
  @Suite struct Durability {
    @Test func `a SIGKILL in the middle of writes loses no answered write`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let (answered, answers) = AsyncStream.makeStream(of: String.self)
        var names: Set<String> = []

        await withTaskGroup { group in
          for writer in 0..<8 {
            group.addTask {
              for number in 0... {
                let name = "service-\(writer)-\(number)"
                let answer = try? await chancery.call(.post, "/services", #"{"name": "\#(name)"}"#)
                guard answer?.status == 201 else { return }
                answers.yield(name)
              }
            }
          }
          for await name in answered.prefix(200) { names.insert(name) }
          await chancery.kill()
        }
        answers.finish()
        for await name in answered { names.insert(name) }

        let restarted = try await bed.startChancery(after: chancery)
        let kept = try await restarted.call(.get, "/config").text
        let lost = names.filter { !kept.contains("\"\($0)\"") }
        #expect(lost.isEmpty)
        #expect(names.count >= 200)
      }
    }

    @Test func `200 concurrent writers lose nothing, and revisions have no gaps`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()

        let revisions = try await withThrowingTaskGroup(of: Int?.self) { group in
          for writer in 0..<200 {
            group.addTask {
              try await chancery.write(.post, "/services", #"{"name": "service-\#(writer)"}"#)
                .revision
            }
          }
          return try await group.reduce(into: [Int?]()) { $0.append($1) }
        }

        #expect(revisions.compactMap { $0 }.sorted() == Array(2...201))
        let document = try await chancery.call(.get, "/config")
        #expect(document.revision == 201)
        #expect((0..<200).allSatisfy { document.text.contains("\"service-\($0)\"") })
      }
    }
  }
}
