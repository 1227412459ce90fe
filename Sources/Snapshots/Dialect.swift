/// The variant of the protocol that a stream speaks.
package enum Dialect: Sendable {
  case stateOfTheWorld, delta
}
