# The Debian 12 packages rdpfault needs, by purpose. The only list there is: every script in ci/ takes its packages
# from here, and an error message that names a package takes its name from nowhere else.
# shellcheck shell=bash disable=SC2034  # read by the scripts that source this file

packages_build=(
    g++ cmake ninja-build git ccache lld pkg-config python3
    libboost1.81-dev libssl-dev libkrb5-dev gss-ntlmssp libyaml-cpp-dev libspdlog-dev libcli11-dev nlohmann-json3-dev
    libpcap-dev libpugixml-dev
    libgtest-dev libgmock-dev
)

# The real peers of tests/peers, and what watches them.
packages_test=(
    xrdp tigervnc-standalone-server                  # a server, and the session behind it
    freerdp2-x11 freerdp2-shadow-x11 winpr-utils     # a client and another server
    rdesktop                                         # another client
    xvfb x11-apps imagemagick xdotool      # displays, something to see on them, screenshots
    krb5-kdc krb5-admin-server             # a Kerberos realm
    sslscan nmap                                     # what others find on a TLS port
    tshark libcap2-bin iproute2 procps openssl       # captures and certificates
    python3 python3-jsonschema python3-yaml libxml2-utils  # judges of results.json, the scenario schema, junit.xml
)

packages_lint=(clang-format clang-tidy shellcheck yamllint python3)

# What ci/bench measures beside: interception, and the link.
packages_bench=(haproxy nginx-light libnginx-mod-stream openssl iproute2 procps python3 linux-perf nftables util-linux)

packages_fuzz=(clang libclang-rt-dev lld)
