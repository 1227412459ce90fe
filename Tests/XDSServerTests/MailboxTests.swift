import Testing
import XDSSession

@testable import XDSServer

@Suite(.timeLimit(.minutes(1)))
struct MailboxTests {
  @Test func `a reader that waits sees every request once and in order`() async {
    await withDiscardingTaskGroup { group in
      for _ in 1...8 {
        group.addTask {
          let (mailbox, urls) = (Mailbox(), (1...20_000).map { "\($0)" })
          async let seen = requests(in: mailbox)
          var taken = mailbox.requestsTaken.makeAsyncIterator()
          for url in urls {
            mailbox.put(ProxyRequest(node: nil, request: Request(url, .change())))
            await taken.next()
          }
          mailbox.end(.closed)
          let isComplete = await seen == urls
          #expect(isComplete)
        }
      }
    }
  }

  @Test func `a reader that takes no requests leaves them for later`() async {
    let mailbox = Mailbox()
    mailbox.put(ProxyRequest(node: nil, request: Request("x", .change())))
    mailbox.putPosting()
    guard case .posting = await mailbox.next(takingRequests: false) else {
      Issue.record("The posting is not seen")
      return
    }
    guard case .request = await mailbox.next() else {
      Issue.record("The request is not seen")
      return
    }
  }

  private func requests(in mailbox: Mailbox) async -> [String] {
    var urls: [String] = []
    while true {
      switch await mailbox.next() {
      case .request(let request): urls.append(request.request.typeURL)
      case .posting, .timer: continue
      case .end: return urls
      }
    }
  }
}
