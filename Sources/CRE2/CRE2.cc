#include "CRE2.h"

#include <algorithm>
#include <cstring>

#include <re2/re2.h>

namespace {

RE2::Options options() {
  RE2::Options options(RE2::Quiet);
  options.set_encoding(RE2::Options::EncodingLatin1);
  return options;
}

}  // namespace

int cre2_program_size(const char *pattern, size_t length, char *message, size_t capacity) {
  RE2 regex(re2::StringPiece(pattern, length), options());
  if (regex.ok()) return regex.ProgramSize();
  if (capacity > 0) {
    size_t count = std::min(capacity - 1, regex.error().size());
    std::memcpy(message, regex.error().data(), count);
    message[count] = 0;
  }
  return -1;
}

int cre2_full_match(const char *pattern, size_t length, const char *text, size_t text_length) {
  RE2 regex(re2::StringPiece(pattern, length), options());
  if (!regex.ok()) return -1;
  return RE2::FullMatch(re2::StringPiece(text, text_length), regex);
}
