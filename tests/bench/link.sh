# What the emulated link carries, beside the kernel's own drops. Sourced by ci/bench.
# shellcheck shell=bash

bench=$root/build/release/tests/bench/bench_link

row() { printf '%-28s %s\n' "$1" "$2"; }

# within_namespaces SCRIPT: in a user namespace of its own, with a veth pair to a second network namespace ($inner).
# shellcheck disable=SC2016  # the inner shell expands it
within_namespaces() {
    unshare -Urn --kill-child --fork bash -euc '
        unshare -n sleep 60 &
        inner=$!
        until [[ $(readlink /proc/$inner/ns/net) != $(readlink /proc/self/ns/net) ]]; do sleep 0.01; done
        ip link add name va type veth peer name vb netns $inner
        ip link set lo up; ip addr add 10.9.0.1/24 dev va; ip link set va gso_max_segs 1 up
        inside() { nsenter -t $inner -n "$@"; }
        inside ip addr add 10.9.0.2/24 dev vb; inside ip link set vb up
        '"$1"
}
kernel_drop() {
    command -v nft >/dev/null || { echo "skipped: nft is not installed (Debian package nftables)"; return; }
    BENCH=$bench within_namespaces '
        inside nft "add table ip t; add chain ip t c { type filter hook prerouting priority -300; }; add rule ip t c numgen random mod 100 < '"$1"' drop"
        coproc receiver { inside "$BENCH" receive 5000; }
        read -r _ <&"${receiver[0]}"
        "$BENCH" send 3 10.9.0.2 5000
        read -r figure <&"${receiver[0]}"
        echo "$figure"
        kill $inner'
}

# A program that copies packet for packet between two TUN devices: what a user would write. Needs /dev/net/tun.
plain_tun() {
    [[ -r /dev/net/tun && -w /dev/net/tun ]] || { echo "skipped: /dev/net/tun is closed to this user"; return; }
    BENCH=$bench within_namespaces '
        coproc copier { "$BENCH" copy /proc/$inner/ns/net; }
        copying=$copier_PID
        read -r _ <&"${copier[0]}"
        ip addr add 10.8.0.1/24 dev ta; ip link set ta up
        inside ip addr add 10.8.0.2/24 dev tb; inside ip link set tb up
        exec 3< <(inside "$BENCH" receive 5000)
        read -r _ <&3
        "$BENCH" send 3 10.8.0.2 5000
        read -r figure <&3
        echo "$figure"
        kill $copying $inner'
}

say "link: one TCP connection of MTU-sized packets for three seconds"
row "link, nothing armed" "$("$bench" throughput 3)"
row "link, 1 % loss" "$("$bench" throughput 3 0.01)"
row "link, 5 % loss" "$("$bench" throughput 3 0.05)"
row "plain copy between two TUNs" "$(plain_tun)"
row "kernel, nft drops 1 %" "$(kernel_drop 1)"
row "kernel, nft drops 5 %" "$(kernel_drop 5)"
say "link: connections at once"
row "2000 connections" "$("$bench" connections 2000)"
row "2000 connections, 1 % loss" "$("$bench" connections 2000 0.01)"
say "link: how late packets are behind 20 ms of latency"
row "500 packets" "$("$bench" delay 500 20)"
