"""Writes the descriptors of the messages in a keep list, without options.

Usage: prune-envoy-api.py KEEP_LIST OUTPUT

Reads the descriptors from the installed packages xds-protos and grpcio-health-checking. Prints the files to generate, one a
line. Anything the keep list names that does not exist, and any message that a kept field reaches
and the list does not name, is an error.
"""

import importlib
import pkgutil
import sys

from google.protobuf import descriptor_pb2, descriptor_pool

WELL_KNOWN = "google.protobuf."
# Protobuf packages whose Python package has another name.
PYTHON_NAMES = {"grpc.health.v1": "grpc_health.v1"}
Field = descriptor_pb2.FieldDescriptorProto


def read_keep_list(path):
    """The kept fields' names by the full name of their message."""
    kept = {}
    with open(path, encoding="utf-8") as lines:
        for line in (line.partition("#")[0].strip() for line in lines):
            if not line:
                continue
            message, colon, fields = line.partition(":")
            if not colon or message in kept:
                sys.exit(f"{path}: not a message with its fields, or twice: {line}")
            kept[message] = fields.split()
    return kept


def load(message):
    """The descriptor of the file that declares the message."""
    pool = descriptor_pool.Default()
    try:
        return pool.FindMessageTypeByName(message).file
    except KeyError:
        pass
    package = ".".join(part for part in message.split(".") if part[0].islower())
    package = PYTHON_NAMES.get(package, package)
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__, package + "."):
        if module.name.endswith("_pb2"):
            importlib.import_module(module.name)
    try:
        return pool.FindMessageTypeByName(message).file
    except KeyError:
        sys.exit(f"keep list: there is no message {message}")


class Pruner:
    """Copies from descriptors what is kept, and notes what that refers to."""

    def __init__(self, kept):
        self.kept = kept
        self.problems = []
        self.enums = set()

    def message(self, source, name):
        """The kept part of a message; None if nothing of it is."""
        result = descriptor_pb2.DescriptorProto(name=source.name)
        if source.options.map_entry:
            result.CopyFrom(source)
            return result
        fields = self.fields(source, result, name)
        used = {field.type_name.removeprefix(".") for field in fields}
        for nested in source.nested_type:
            nested_name = f"{name}.{nested.name}"
            if nested.options.map_entry and nested_name not in used:
                continue
            if part := self.message(nested, nested_name):
                result.nested_type.append(part)
        if name not in self.kept and not result.nested_type:
            return None
        result.enum_type.extend(source.enum_type)
        return result

    def fields(self, source, result, name):
        """Copies the kept fields of a message, and the oneofs that still have some."""
        wanted = self.kept.get(name, [])
        for missing in set(wanted) - {field.name for field in source.field}:
            self.problems.append(f"there is no field {name}.{missing}")
        oneofs = {}
        for field in source.field:
            if field.name not in wanted:
                continue
            copy = result.field.add()
            copy.CopyFrom(field)
            copy.ClearField("options")
            if field.HasField("oneof_index"):
                if field.oneof_index not in oneofs:
                    oneofs[field.oneof_index] = len(oneofs)
                    oneof = source.oneof_decl[field.oneof_index]
                    result.oneof_decl.add(name=oneof.name)
                copy.oneof_index = oneofs[field.oneof_index]
            self.check(copy, source, name)
        return result.field

    def check(self, field, source, name):
        """Reports a field whose message is not kept."""
        target = field.type_name.removeprefix(".")
        if field.type == Field.TYPE_ENUM:
            self.enums.add(target)
        if field.type != Field.TYPE_MESSAGE or target.startswith(WELL_KNOWN):
            return
        entries = {f"{name}.{nested.name}": nested for nested in source.nested_type}
        if target in entries and entries[target].options.map_entry:
            self.check(entries[target].field[1], entries[target], target)
        elif target not in self.kept:
            self.problems.append(f"{name}.{field.name} reaches {target}, which is not listed")

    def drop_enums(self, messages, prefix):
        """Takes out the nested enumerations that no kept field uses."""
        for message in messages:
            name = f"{prefix}.{message.name}"
            enums = [enum for enum in message.enum_type if f"{name}.{enum.name}" in self.enums]
            del message.enum_type[:]
            message.enum_type.extend(enums)
            self.drop_enums(message.nested_type, name)


def prune(files, pruner):
    """The kept parts of the files, by their names."""
    results = {}
    for name, file in files.items():
        result = descriptor_pb2.FileDescriptorProto(
            name=name, package=file.package, syntax=file.syntax
        )
        for message in file.message_type:
            if part := pruner.message(message, f"{file.package}.{message.name}"):
                result.message_type.append(part)
        results[name] = result
    for name, result in results.items():
        pruner.drop_enums(result.message_type, result.package)
        for enum in files[name].enum_type:
            if f"{result.package}.{enum.name}" in pruner.enums:
                result.enum_type.append(enum)
    return {name: file for name, file in results.items() if file.message_type or file.enum_type}


def strip_options(value):
    """Takes the options off enumerations; those that change the code stay."""
    enums = list(value.enum_type)
    for message in value.nested_type if hasattr(value, "nested_type") else value.message_type:
        strip_options(message)
    for enum in enums:
        aliased = enum.options.allow_alias
        enum.ClearField("options")
        if aliased:
            enum.options.allow_alias = True
        for item in enum.value:
            item.ClearField("options")


def add_imports(files, well_known):
    """Makes each file import those, and only those, that declare what it uses."""
    homes = {}

    def note(file, messages, enums, prefix):
        for declared in [*messages, *enums]:
            homes[f"{prefix}.{declared.name}"] = file.name
        for message in messages:
            note(file, message.nested_type, message.enum_type, f"{prefix}.{message.name}")

    def used(messages):
        for message in messages:
            yield from (field.type_name for field in message.field if field.type_name)
            yield from used(message.nested_type)

    for file in [*files.values(), *well_known]:
        note(file, file.message_type, file.enum_type, file.package)
    for file in files.values():
        imports = {homes[name.removeprefix(".")] for name in used(file.message_type)}
        file.dependency.extend(sorted(imports - {file.name}))


def with_dependencies(files):
    """The files with all that they import, as protobuf, by their names."""
    found = {}
    queue = list(files)
    while queue:
        file = queue.pop()
        if file.name not in found:
            found[file.name] = descriptor_pb2.FileDescriptorProto.FromString(file.serialized_pb)
            queue.extend(file.dependencies)
    return found


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    kept = read_keep_list(sys.argv[1])
    all_files = with_dependencies(load(message) for message in kept)
    well_known = [file for name, file in all_files.items() if name.startswith("google/protobuf/")]
    others = {name: all_files[name] for name in sorted(all_files)
              if not name.startswith("google/protobuf/")}
    pruner = Pruner(kept)
    files = prune(others, pruner)
    if pruner.problems:
        sys.exit("\n".join("keep list: " + problem for problem in sorted(pruner.problems)))
    for file in files.values():
        strip_options(file)
    add_imports(files, well_known)
    with open(sys.argv[2], "wb") as output:
        result = descriptor_pb2.FileDescriptorSet(file=[*well_known, *files.values()])
        output.write(result.SerializeToString(deterministic=True))
    print("\n".join(files))


main()
