import ArgumentParser
import Foundation
import Model

/// Files that together are a document, or a part of one.
struct DocumentFiles {
  private let paths: [String]

  init(_ paths: [String]) { self.paths = paths }

  /// The document: the sections of all files, joined.
  ///
  /// - Throws: `CommandFailure` if a file cannot be read, is no YAML, or has an object that another
  ///   has already.
  func read() throws -> JSONValue {
    var joined = JoinedDocument()
    for path in paths {
      for file in try files(at: path) { try joined.add(try content(of: file), from: file) }
    }
    return joined.value
  }

  /// The file itself, or what a folder has of YAML and JSON files, in the order of their names.
  private func files(at path: String) throws -> [String] {
    var isFolder: ObjCBool = false
    guard path != "-", FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
      isFolder.boolValue
    else { return [path] }
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    let files = names.filter {
      $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") || $0.hasSuffix(".json")
    }
    if files.isEmpty {
      throw CommandFailure(.usage, "The folder \(path) has no YAML or JSON files.")
    }
    return files.map { path + "/" + $0 }
  }

  private func content(of file: String) throws -> JSONValue {
    let data: Data?
    if file == "-" {
      data = try FileHandle.standardInput.readToEnd() ?? Data()
    } else {
      data = FileManager.default.contents(atPath: file)
    }
    guard let data else { throw CommandFailure(.usage, "The file \(file) cannot be read.") }
    do {
      // JSON is YAML too, but its reader says better what is wrong with it.
      return file.hasSuffix(".json") ? try JSONValue(json: data) : try JSONValue(yaml: data)
    } catch {
      throw CommandFailure(.invalid, "\(file): \(error.reason)")
    }
  }
}

private struct JoinedDocument {
  private var sections: [String: [String: JSONValue]] = [:]
  /// Members that are no sections, for the server to refuse.
  private var others: [String: JSONValue] = [:]
  private var origins: [String: String] = [:]

  var value: JSONValue {
    .object(others.merging(sections.mapValues { .object($0) }) { $1 })
  }

  mutating func add(_ content: JSONValue, from file: String) throws {
    guard case .object(let members) = content else {
      throw CommandFailure(
        .invalid,
        "\(file): Must be an object with sections such as services and routes, not \(content.kind)."
      )
    }
    for (name, section) in members {
      guard case .object(let objects) = section else {
        others[name] = section
        continue
      }
      sections[name] = sections[name] ?? [:]
      for (object, value) in objects {
        let pointer = JSONPointer.join("/" + name, object)
        if let other = origins.updateValue(file, forKey: pointer) {
          throw CommandFailure(.invalid, "\(file): \(pointer) is in \(other) already.")
        }
        sections[name]?[object] = value
      }
    }
  }
}
