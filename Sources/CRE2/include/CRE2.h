#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Compiles a regular expression with RE2 (quiet, Latin-1, the rest by default), as Envoy does.
///
/// Returns its program size, or -1 if RE2 refuses it; then `message` holds RE2's reason, ended by
/// a zero byte and cut to `capacity`.
int cre2_program_size(const char *pattern, size_t length, char *message, size_t capacity);

/// Whether the whole text matches a regular expression; -1 if RE2 refuses the expression.
int cre2_full_match(const char *pattern, size_t length, const char *text, size_t text_length);

#ifdef __cplusplus
}
#endif
