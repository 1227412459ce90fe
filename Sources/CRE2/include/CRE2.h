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

#ifdef __cplusplus
}
#endif
