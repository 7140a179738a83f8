#include "tests/peers/support/kdc.hpp"

namespace rdpfault::peers {
namespace {

using Environment = std::map<std::string, std::string>;

// Nothing is looked up outside: no DNS, no files of the machine's own realm.
Environment configure(const TempDir& folder, std::uint16_t port) {
    const auto path = [&](const char* name) { return (folder / name).string(); };
    const auto address = "127.0.0.1:" + std::to_string(port);
    write_file(folder / "krb5.conf",
               "[libdefaults]\n default_realm = LAB.TEST\n dns_lookup_kdc = false\n dns_lookup_realm = false\n"
               " dns_canonicalize_hostname = false\n rdns = false\n udp_preference_limit = 1\n"
               "[realms]\n LAB.TEST = {\n  kdc = " +
                   address + "\n }\n[domain_realm]\n localhost = LAB.TEST\n");
    write_file(folder / "kdc.conf", "[kdcdefaults]\n kdc_listen = \"\"\n kdc_tcp_listen = " + address +
                                        "\n[realms]\n LAB.TEST = {\n  database_name = " + path("principal") +
                                        "\n  key_stash_file = " + path("stash") + "\n  acl_file = " + path("acl") +
                                        "\n }\n[logging]\n kdc = FILE:" + path("kdc.log") + "\n");
    return {{"KRB5_CONFIG", path("krb5.conf")}, {"KRB5_KDC_PROFILE", path("kdc.conf")}, {"KRB5CCNAME", path("cache")}};
}

// krb5-kdc and krb5-admin-server; in no ordinary user's PATH.
ProcessConfig create(const TempDir& folder, const Environment& environment, const std::string& user,
                     const std::string& password) {
    const auto log = folder / "kadmin.log";
    const auto query = [&](const std::string& text) { run({"/usr/sbin/kadmin.local", "-q", text}, log, environment); };
    run({"/usr/sbin/kdb5_util", "create", "-r", Kdc::realm, "-s", "-P", "master"}, log, environment);
    query("addprinc -pw " + password + " " + user);
    query("addprinc -randkey TERMSRV/localhost");
    query("ktadd -k " + (folder / "keytab").string() + " TERMSRV/localhost");
    ProcessConfig config;
    config.command = {"/usr/sbin/krb5kdc", "-n", "-r", Kdc::realm};
    config.environment = environment;
    config.log = folder / "output.log";
    return config;
}

}  // namespace

Kdc::Kdc(const std::string& user, const std::string& password)
    : environment_(configure(folder_, port_)), server_(create(folder_, environment_, user, password)) {
    wait_listen(port_);
}

}  // namespace rdpfault::peers
