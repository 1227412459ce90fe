# Sourced by the scripts beside it.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

fail() {
  printf '\n%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# The comment at the top of the script is its help.
help() { sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; }

# Ends with what to do if there is no Swift, or an old one.
need_swift() {
  local version
  command -v swift >/dev/null ||
    fail "there is no swift here. Chancery needs Swift 6.3 or later: https://swift.org/install"
  version=$(swift --version 2>&1) || fail "swift does not start: $version"
  version=$(sed -n 's/.*Swift version \([0-9.]*[0-9]\).*/\1/p' <<<"$version")
  [ "$(printf '%s\n' 6.3 "$version" | sort --version-sort | head -n 1)" = 6.3 ] ||
    fail "this is Swift $version. Chancery needs Swift 6.3 or later: https://swift.org/install"
}

# `swift VERB …` in the package, in a build folder of its own if the environment names one.
swift_run() {
  local verb=$1
  shift
  (cd "$root" && swift "$verb" ${CHANCERY_SCRATCH_PATH:+--scratch-path "$CHANCERY_SCRATCH_PATH"} "$@")
}
