# `ci/bench tls`; sourced by it.
# shellcheck shell=bash disable=SC2154  # root and jobs come from ci/lib.sh

rounds=${BENCH_ROUNDS:-3} seconds=${BENCH_SECONDS:-2} mib=${BENCH_MIB:-400}
clients=8   # that make handshakes at a time
streams=2   # that carry bytes at a time
bench=$root/build/release/tests/bench/bench_tls
work=$(mktemp -d)
pids=()
finish() {
    local one
    for one in "${pids[@]}"; do kill "$one" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
wait_listen() {
    local tries
    for ((tries = 0; tries < 500; tries++)); do
        [[ -z $(ss -Hltn "sport = :$1") ]] || return 0
        sleep 0.02
    done
    die "nobody listens on port $1: $(cat "$work/$2.log")"
}
# start NAME PORT COMMAND...
start() {
    local name=$1
    pid[$name]=0 port[$name]=$2
    shift 2
    "$@" >/dev/null 2>"$work/$name.log" &
    pids+=($!)
    pid[$name]=$!
    wait_listen "${port[$name]}" "$name"
}

write_haproxy() {
    local bounds="ssl-min-ver TLSv$version ssl-max-ver TLSv$version"
    cat >"$work/haproxy.cfg" <<EOF
global
    nbthread $jobs
    maxconn 4000
    tune.bufsize 65536
    ssl-default-bind-ciphers ECDHE-RSA-AES128-GCM-SHA256
    ssl-default-bind-ciphersuites TLS_AES_128_GCM_SHA256
    ssl-default-bind-options $bounds no-tls-tickets
    ssl-default-server-ciphers ECDHE-RSA-AES128-GCM-SHA256
    ssl-default-server-ciphersuites TLS_AES_128_GCM_SHA256
    ssl-default-server-options $bounds no-tls-tickets
    tune.ssl.cachesize 0
defaults
    mode tcp
    timeout connect 10s
    timeout client 30s
    timeout server 30s
frontend in
    bind 127.0.0.1:$1 ssl crt $work/both.pem curves X25519
    default_backend out
backend out
    server sink 127.0.0.1:$sink ssl verify none no-ssl-reuse
EOF
}

write_nginx() {
    cat >"$work/nginx.conf" <<EOF
load_module /usr/lib/nginx/modules/ngx_stream_module.so;
daemon off;
user root;
worker_processes $jobs;
pid $work/nginx.pid;
error_log $work/nginx.log warn;
events { worker_connections 4096; }
stream {
    server {
        listen 127.0.0.1:$1 ssl;
        proxy_pass 127.0.0.1:$sink;
        proxy_buffer_size 64k;
        ssl_certificate $work/cert.pem;
        ssl_certificate_key $work/key.pem;
        ssl_protocols TLSv$version;
        ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256;
        ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;
        ssl_ecdh_curve X25519;
        ssl_session_cache off;
        ssl_session_tickets off;
        proxy_ssl on;
        proxy_ssl_protocols TLSv$version;
        proxy_ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256;
        proxy_ssl_session_reuse off;
    }
}
EOF
}

write_scenario() {
    local leg="{ min: \"$version\", max: \"$version\", ciphers: ECDHE-RSA-AES128-GCM-SHA256,
      ciphersuites: TLS_AES_128_GCM_SHA256, groups: X25519 }"
    cat >"$work/bench.yaml" <<EOF
name: bench
summary: Ends TLS on both legs and passes everything on.
cause: tls-interception
proxy:
  mode: intercept
  nla: server-key
  client_tls: $leg
  server_tls: $leg
expect: { ended_by: close }
EOF
}

# The clock ticks of processor time that a process and its children have taken.
ticks() {
    local total=0 process fields
    [[ $1 != 0 ]] || { echo 0; return; }
    for process in "$1" $(ps -o pid= --ppid "$1"); do
        read -ra fields <<<"$(sed 's/.*) //' "/proc/$process/stat")"
        total=$((total + fields[11] + fields[12]))
    done
    echo "$total"
}

# measure NAME WHAT ARGUMENT...: appends rate and processor microseconds for each unit to the file of that.
measure() {
    local name=$1 what=$2 before rate count start=tls
    shift 2
    [[ $name != ours ]] || start=rdp
    before=$(ticks "${pid[$name]}")
    case $what in
        handshakes) read -r rate count < <("$bench" handshakes "${port[$name]}" "$seconds" "$clients" "$version" $start) ;;
        *) read -r rate count < <("$bench" bytes "${port[$name]}" "$mib" "$streams" "$version" $start "$what") ;;
    esac
    [[ -n ${count:-} ]] || die "$name: no figure for $what (TLS $version): $(tail -3 "$work/$name.log")"
    echo "$rate $(($(ticks "${pid[$name]}") - before)) $count" >>"$work/$version.$what.$name"
}

# What the figures come to: a table, and the ratios.
report() {
    python3 - "$work" "$version" "$(getconf CLK_TCK)" <<'EOF'
import statistics, sys
folder, version, hertz = sys.argv[1], sys.argv[2], float(sys.argv[3])
names = ["ours", "haproxy", "nginx", "direct"]
for what, unit in [("handshakes", "handshake"), ("up", "MiB"), ("down", "MiB")]:
    rates, costs = {}, {}
    for name in names:
        rows = [line.split() for line in open(f"{folder}/{version}.{what}.{name}")]
        rates[name] = statistics.median(float(row[0]) for row in rows)
        costs[name] = sum(float(row[1]) for row in rows) / hertz / sum(float(row[2]) for row in rows) * 1e6
    title = "handshakes/s" if what == "handshakes" else f"MiB/s {what}"
    print(f"  {title}, and CPU us of the proxy for each {unit}")
    for name in names:
        line = f"    {name:8}{rates[name]:10.0f}"
        if name != "direct":
            line += f"{costs[name]:10.0f}"
        if name in ("haproxy", "nginx"):
            line += f"    ours / {name}: rate {rates['ours'] / rates[name]:.2f}"
            if costs["ours"]:
                line += f", CPU {costs[name] / costs['ours']:.2f}"
        print(line)
EOF
}

# Where our proxy spends its time.
bound() {
    command -v perf >/dev/null || { echo "  (perf is not installed: Debian package linux-perf)"; return; }
    local what=$1
    perf record -q -F 499 -g -p "${pid[ours]}" -o "$work/perf.data" -- sleep 60 >/dev/null 2>"$work/perf.log" &
    local recorder=$!
    pids+=("$recorder")
    measure ours "$what"
    kill -INT "$recorder" 2>/dev/null || true
    wait "$recorder" 2>/dev/null || true
    local by
    for by in dso dso,symbol; do
        echo "  $what by $by"
        perf report -i "$work/perf.data" --no-children -g none --sort "$by" --stdio 2>/dev/null |
            awk '/^ +[0-9]/ && n++ < 6 { sub(/[ -]+$/, ""); print "  " $0 }' || true
    done
    [[ -s $work/perf.data ]] || echo "  (perf cannot record here: $(tail -1 "$work/perf.log"))"
}

openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost -keyout "$work/key.pem" -out "$work/cert.pem" \
    2>/dev/null
cat "$work/cert.pem" "$work/key.pem" >"$work/both.pem"
mkfifo "$work/alive"
sleep 3600 >"$work/alive" &  # the sinks end with it
pids+=($!)

for version in 1.2 1.3; do
    declare -A pid=([direct]=0) port=()
    "$bench" sink "$work/cert.pem" "$work/key.pem" "$version" <"$work/alive" >"$work/sink" 2>"$work/sink.log" &
    pids+=($!)
    until [[ -s $work/sink ]]; do sleep 0.02; done
    sink=$(<"$work/sink") port[direct]=$(<"$work/sink")
    rm "$work/sink"

    ours=$(free_port) haproxy=$(free_port) nginx=$(free_port)
    write_haproxy "$haproxy"
    write_nginx "$nginx"
    write_scenario
    start ours "$ours" "$root/build/release/harness/rdpfault" proxy "$work/bench.yaml" --server "127.0.0.1:$sink" \
        --listen "127.0.0.1:$ours" --server-certificate "$work/cert.pem" --server-key "$work/key.pem"
    start haproxy "$haproxy" haproxy -db -f "$work/haproxy.cfg"
    start nginx "$nginx" nginx -c "$work/nginx.conf"

    say "TLS $version, RSA-2048, X25519, AES-128-GCM; $jobs processors for proxy, $clients clients and sink together"
    for what in handshakes up down; do
        for ((round = 0; round < rounds; round++)); do
            for name in ours haproxy nginx direct; do measure "$name" "$what"; done
        done
    done
    report
    say "TLS $version: what bounds our handshakes, then our bytes towards the server"
    bound handshakes
    bound up
done
