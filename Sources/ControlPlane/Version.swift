/// The version of Chancery, by Semantic Versioning.
package let chanceryVersion = "0.1.0"
