#!/bin/sh
# Runs the tests of the link with real packets as an ordinary user: a copy of the program, since a home may be closed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp "$1" "$folder/test_link"
chmod -R a+rX "$folder"
run="$folder/test_link --gtest_brief=1 --gtest_filter=Link.*:*CapturedLoss.*"
# shellcheck disable=SC2086  # these are words
if [ "$(id -u)" = 0 ]; then
    setpriv --reuid=65534 --regid=65534 --clear-groups $run
else
    $run
fi
