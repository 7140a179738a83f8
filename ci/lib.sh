# What the scripts in ci/ share: where the project is, how they speak, how they measure.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck disable=SC2034  # for the scripts that source this file
jobs=$(nproc)

say() { printf '== %s\n' "$*"; }
die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 2
}

# step WORDS COMMAND...: runs the command in the project's root and says how long it took. Its status is the command's.
step() {
    local words=$1 start=$SECONDS status=0
    shift
    say "$words"
    (cd "$root" && "$@") || status=$?
    local outcome="done"
    [[ $status == 0 ]] || outcome="failed ($status)"
    say "$words: $outcome after $((SECONDS - start)) s"
    return "$status"
}

# help_wanted ARGUMENTS...: is one of them --help? Each script's help is the comment at its top.
help_wanted() {
    local argument
    for argument; do
        if [[ $argument == --help || $argument == -h ]]; then
            awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"
            return 0
        fi
    done
    return 1
}

# sanitizer_wrapper PRESET: the command, one word a line, under which programs of this preset are started. The shadow
# memory of g++ 12's ThreadSanitizer collides with mappings placed by a kernel that randomizes 32 bits of an address.
sanitizer_wrapper() {
    if [[ $1 == tsan ]] && setarch "$(uname -m)" -R true 2>/dev/null; then
        printf '%s\n' setarch "$(uname -m)" -R
    else
        printf '%s\n' env
    fi
}
