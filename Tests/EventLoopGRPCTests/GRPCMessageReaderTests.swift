import NIOCore
import RawHTTP2
import Testing

@testable import EventLoopGRPC

struct GRPCMessageReaderTests {
  static let messages: [[UInt8]] = [[1, 2, 3], [], [UInt8](repeating: 4, count: 300), [5]]
  static let bytes = messages.flatMap { RawMessage.prefixed($0) }

  var reader = GRPCMessageReader(limit: 300)

  mutating func append(_ bytes: some Sequence<UInt8>) { reader.append(ByteBuffer(bytes: bytes)) }

  mutating func next() throws(GRPCStatus) -> [UInt8]? {
    try reader.next().map { Array($0.readableBytesView) }
  }

  mutating func all() throws(GRPCStatus) -> [[UInt8]] {
    var messages: [[UInt8]] = []
    while let message = try next() { messages.append(message) }
    return messages
  }

  @Test(arguments: 0...bytes.count)
  mutating func `messages are the same wherever they are cut`(at cut: Int) throws {
    append(Self.bytes.prefix(cut))
    var messages = try all()
    #expect(!reader.hasNext)
    append(Self.bytes.dropFirst(cut))
    messages += try all()
    #expect(messages == Self.messages)
    #expect(reader.isEmpty)
  }

  @Test mutating func `messages are the same in pieces of one byte`() throws {
    var messages: [[UInt8]] = []
    for byte in Self.bytes {
      append([byte])
      messages += try all()
      reader.shrink()
    }
    #expect(messages == Self.messages)
  }

  @Test(arguments: 0...bytes.count)
  mutating func `pieces that wait are the same wherever they are cut`(at cut: Int) throws {
    append(Self.bytes.prefix(cut))
    reader.shrink()
    append(Self.bytes.dropFirst(cut))
    #expect(reader.hasNext)
    #expect(try all() == Self.messages)
  }

  @Test mutating func `a message that is too long is refused before it has come`() {
    append(RawMessage.prefixed([UInt8](repeating: 0, count: 301)).prefix(5))
    #expect(reader.hasNext)
    let status = #expect(throws: GRPCStatus.self) { try next() }
    #expect(status?.code == .resourceExhausted)
    #expect(status?.message == "A message of 301 bytes is too long; it may have 300.")
  }

  @Test(arguments: [1, 2, 255])
  mutating func `a compressed message is refused`(flag: UInt8) {
    append(RawMessage.prefixed([], flag: flag))
    #expect(reader.hasNext)
    #expect(
      throws: GRPCStatus(
        .internalError,
        "A message is compressed, and grpc-encoding does not say how."
      )
    ) { try next() }
  }

  @Test mutating func `half a message is neither whole nor nothing`() throws {
    append(RawMessage.prefixed([1, 2]).dropLast())
    #expect(!reader.hasNext)
    #expect(!reader.isEmpty)
    #expect(try next() == nil)
  }

  @Test mutating func `what was taken takes no memory, though something is always left`() throws {
    let message = RawMessage.prefixed([UInt8](repeating: 1, count: 250))
    append(message.prefix(1))
    for _ in 1...10_000 {
      append(message.dropFirst() + message.prefix(1))
      #expect(try next()?.count == 250)
      reader.shrink()
    }
    #expect(reader.buffer.storageCapacity < 10_000)
  }

  @Test mutating func `what is left of much does not keep all of it`() throws {
    var much = ByteBuffer(repeating: 0, count: 1 << 16)
    much.moveReaderIndex(to: much.writerIndex - 3)
    reader.append(much)
    reader.shrink()
    #expect(reader.buffer.storageCapacity < 1 << 12)
    append([0, 1, 7])
    #expect(try next() == [7])
    #expect(reader.isEmpty)
  }
}
