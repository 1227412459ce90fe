import NIOCore
import NIOEmbedded
import Testing

@testable import ControlPlane

struct XDSConnectionsTests {
  let connections = XDSConnections()

  @Test func `a connection that is set up after the others were told to end is closed`() {
    let (early, late) = (EmbeddedChannel(), EmbeddedChannel())
    connections.add(early)
    connections.quiesce()
    connections.add(late)
    late.embeddedEventLoop.run()
    #expect(throws: ChannelError.self) { try late.finish() }
    #expect(throws: Never.self) { try early.finish() }
  }

  @Test func `those that are cut are closed`() {
    let channel = EmbeddedChannel()
    connections.add(channel)
    connections.cut()
    channel.embeddedEventLoop.run()
    #expect(throws: ChannelError.self) { try channel.finish() }
  }
}
