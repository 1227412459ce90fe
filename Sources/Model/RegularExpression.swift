package enum RegularExpression {
  package static func fault(in pattern: String) -> String? { nil }
}
