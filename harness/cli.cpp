#include "harness/cli.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <functional>
#include <iostream>
#include <memory>

#include "harness/cli_commands.hpp"
#include "harness/cli_options.hpp"
#include "harness/completion.hpp"
#include "harness/diagnostics.hpp"
#include "harness/units.hpp"
#include "harness/version.hpp"
#include "harness/vocabulary.hpp"

namespace rdpfault::harness {

namespace {

int run(const RunOptions& options) {
    return has_program(options, "run") ? run_command(options) : 2;
}

void add_run(CLI::App& app, Call& call) {
    auto& sub = *app.add_subcommand("run", "run scenarios, in all their arms, and judge them");
    const auto options = command(sub, call, run);
    sub.footer(
        "Behind `--` stands the program of --client command, in which {host} and {port} are replaced, or more "
        "arguments\n"
        "for xfreerdp:\n\n"
        "    rdpfault run scenarios/tls --server lab:3389 --client command -- rdesktop {host}:{port}");
    sub.add_option("paths", options->paths, "scenario files, or folders of them")->required()->type_name("PATH");
    add_lab(sub, call, options);
    const std::function<void(const std::string&)> repeat = [options](const std::string& text) {
        options->repeat = repeat_from_string(text);
        if (!options->repeat)
            throw CLI::ValidationError("--repeat", "expected 1 to 10000, auto or auto:N, found '" + text + "'");
    };
    sub.add_option_function("--repeat", repeat,
                            "runs of each fault and fix arm, instead of the scenarios' own; auto: until a `rate:` is "
                            "decided, with 200 or auto:N as the bound")
        ->type_name("N|auto");
    sub.add_option("--arm", options->arms,
                   "control, fault, fix, fault:NAME or fix:NAME; may be given again (default: all)")
        ->type_name("ARM")
        ->expected(1)
        ->take_all();
    sub.add_option("--out", options->out, "folder for the report")->capture_default_str()->type_name("DIR");
    sub.add_flag("--capture", options->capture,
                 "keep the packets at the client's end of an emulated link, in captures/ of the report");
    add_output(sub, options->output);
}

void add_proxy(CLI::App& app, Call& call) {
    auto& sub =
        *app.add_subcommand("proxy", "hold one arm of a scenario open for a client of your own, and tell what happens");
    const auto options = command(sub, call, proxy_command);
    sub.add_option("scenario", options->scenario, "scenario file")->required()->type_name("FILE");
    add_endpoint(sub, "--server", options->server, "the RDP server to forward to")->required();
    add_listen(sub, options->listen);
    sub.add_option("--arm", options->arm, "control, fault, fault:NAME or fix:NAME")
        ->capture_default_str()
        ->type_name("ARM");
    add_optional(sub, "--seed", options->seed, "of random decisions, instead of the scenario's own");
    sub.add_option("--log", options->log, "file for the decision log (JSON lines)")->type_name("FILE");
    sub.add_option("--out", options->out, "folder for a results.json of what the proxy saw, as calibrate wants it")
        ->type_name("DIR");
    add_credentials(sub, options->credentials);
    add_intercept(sub, options->intercept);
    add_output(sub, options->output);
}

void add_probe(CLI::App& app, Call& call) {
    auto& sub =
        *app.add_subcommand("probe", "connect once and say every stage, its time, TLS, the certificate, and the end");
    const auto options = command(sub, call, probe_command);
    auto& config = options->config;
    add_endpoint(sub, "server", options->server, "the RDP server")->required();
    const auto credentials = std::make_shared<Credentials>();
    credentials->user = config.user;
    add_credentials(sub, *credentials);
    sub.parse_complete_callback([options, credentials] {
        options->config.user = credentials->user;
        options->config.domain = credentials->domain;
        options->config.password = credentials->password;
    });
    add_probe_security(sub, config);
    add_tls_version(sub, "--tls-min", config.tls_min, "lowest TLS version: 1.0 to 1.3");
    add_tls_version(sub, "--tls-max", config.tls_max, "highest TLS version");
    sub.add_option("--ciphers", config.tls_ciphers, "OpenSSL cipher list for TLS 1.2 and older")->type_name("LIST");
    sub.add_option("--server-name", config.server_name, "name in the ClientHello (default: the host)")
        ->type_name("NAME");
    sub.add_option("--requested-protocols", config.requested_protocols, "bits of the negotiation request")
        ->capture_default_str()
        ->type_name("BITS");
    sub.add_option("--reconnects", config.reconnects, "further connections after one that failed")
        ->capture_default_str()
        ->type_name("N");
    add_duration(sub, "--linger", config.linger, "stay this long in the session");
    add_duration(sub, "--connect-timeout", config.connect_timeout, "longest wait for the TCP connection");
    add_duration(sub, "--stage-timeout", config.stage_timeout, "longest silence in a stage");
    add_size(sub, "--size", config.width, config.height, "size of the desktop");
    add_output(sub, options->output);
}

void add_serve(CLI::App& app, Call& call) {
    auto& sub = *app.add_subcommand("serve", "run the embedded RDP server alone");
    const auto options = command(sub, call, serve_command);
    add_listen(sub, options->listen);
    sub.add_option("--scenario", options->scenario, "behave as the `server:` part of this file says")
        ->type_name("FILE");
    sub.add_option("--keylog,--key-log", options->key_log, "file for the TLS secrets, to decrypt a capture")
        ->type_name("FILE");
    add_server_security(sub, options->config);
    const auto account = std::make_shared<Credentials>();
    add_credentials(sub, *account);
    sub.parse_complete_callback([options, account] {
        if (options->config.security == server::Security::tls) return;
        if (account->user.empty()) throw CLI::ValidationError("--security", "NLA needs --user and a password");
        options->config.users = {{account->user, account->domain, account->password}};
    });
    add_tls_version(sub, "--tls-min", options->config.tls_min, "lowest TLS version: 1.0 to 1.3");
    add_tls_version(sub, "--tls-max", options->config.tls_max, "highest TLS version");
    add_size(sub, "--size", options->config.width, options->config.height, "size of the desktop");
    add_output(sub, options->output);
}

void add_check(CLI::App& app, Call& call) {
    auto& sub = *app.add_subcommand("check", "read scenarios and say what is wrong with them");
    const auto options = command(sub, call, check_command);
    sub.add_option("paths", options->paths, "scenario files, or folders of them")->required()->type_name("PATH");
    add_output(sub, options->output);
}

int link(const LinkOptions& options) {
    if (!options.command.empty()) return link_command(options);
    std::cerr << "rdpfault link: needs a command behind `--`\n";
    return 2;
}

void add_link(CLI::App& app, Call& call) {
    auto& sub = *app.add_subcommand("link", "run any command behind an emulated link: real packets, no privilege");
    const auto options = command(sub, call, link);
    sub.footer(
        "The command sees a network of its own. What it dials over TCP, by address, is reached from here; 198.18.0.2 "
        "is\n"
        "this host. Names are not resolved inside; {host} and {port} in the command stand for --server:\n\n"
        "    rdpfault link vpn.yaml --server lab:3389 -- xfreerdp /v:{host}:{port}\n\n"
        "Exit status: the command's, 128 and the signal that ended it, or 2 when there is no link.");
    sub.add_option("network", options->network, "file with what stands under `network:` in a scenario")
        ->required()
        ->type_name("FILE");
    const std::function<void(const std::string&)> server = [options](const std::string& text) {
        options->server = endpoint_from_string(text);
        if (!options->server) throw CLI::ValidationError("--server", "expected HOST[:PORT], found '" + text + "'");
    };
    sub.add_option_function("--server", server, "what {host} and {port} stand for")->type_name("HOST[:PORT]");
    add_optional(sub, "--seed", options->seed, "of random decisions (default: 1)");
    sub.add_flag("--quiet,-q", options->quiet, "say nothing of the link afterwards");
    sub.preparse_callback([options, &call](std::size_t) { options->command = call.command; });
}

struct ListOptions {
    OutputOptions output;
};

template <Listing (*listing)()>
int list(const ListOptions& options) {
    std::cout << formatted(listing(), chosen_format(options.output));
    return 0;
}

int list_faults(const ListOptions& options) {
    list<fault_listing>(options);
    if (chosen_format(options.output) == Format::table)
        std::cout << "\nFields that `mutate` knows:\n\n" << formatted(mutation_listing(), Format::table);
    return 0;
}

void add_list(CLI::App& app, Call& call, const std::string& name, const std::string& what,
              int (*run)(const ListOptions&)) {
    auto& sub = *app.add_subcommand(name, what);
    add_output(sub, command(sub, call, run)->output);
}

void add_completion(CLI::App& app, Call& call) {
    auto& sub = *app.add_subcommand("completion", "print a completion script for a shell");
    const auto shell = std::make_shared<std::string>();
    sub.add_option("shell", *shell, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
    sub.footer("For bash: source <(rdpfault completion bash)");
    sub.final_callback([&app, &call, shell] {
        call.run = [&app, shell] {
            std::cout << completion_script(app, *shell);
            return 0;
        };
    });
}

void describe(CLI::App& app, Call& call) {
    app.name("rdpfault");
    app.require_subcommand(1);
    app.set_version_flag("--version", "rdpfault " + std::string(version()));
    app.set_help_all_flag("--help-all", "help of all commands");
    app.get_formatter()->column_width(34);
    add_run(app, call);
    add_judging(app, call);
    add_measuring(app, call);
    add_proxy(app, call);
    add_probe(app, call);
    add_serve(app, call);
    add_link(app, call);
    add_check(app, call);
    add_knowledge(app, call);
    add_diagnose(app, call);
    add_list(app, call, "stages", "the stages of a connection, in the order of the wire", list<stage_listing>);
    add_list(app, call, "faults", "what `do:` may name in a scenario", list_faults);
    add_list(app, call, "mutations", "what `mutate:` may name in a scenario", list<mutation_listing>);
    add_completion(app, call);
    app.footer(
        "Exit status: 0 everything passed or was skipped; 1 something failed; 2 the call or a scenario file is wrong;\n"
        "3 something was inconclusive or did not fire.");
}

// Of a first word that is no command CLI11 would only say that a command is missing.
bool is_command(const CLI::App& app, const std::string& word) {
    std::vector<std::string> names;
    for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(sub->get_name());
    if (std::find(names.begin(), names.end(), word) != names.end()) return true;
    const std::vector<std::string_view> known(names.begin(), names.end());
    std::cerr << "rdpfault: " << unknown_word("command", word, known) << '\n';
    return false;
}

}  // namespace

bool has_program(const RunOptions& options, const char* name) {
    if (options.client != ClientKind::command || !options.command.empty()) return true;
    std::cerr << "rdpfault " << name << ": --client command needs the program behind `--`, with {host} and {port}\n";
    return false;
}

int cli(int argc, const char* const* argv) {
    CLI::App app{"Breaks a Remote Desktop connection at a named moment and proves what it did."};
    Call call;
    describe(app, call);
    // CLI11 would take what stands behind `--` for more paths.
    std::vector<std::string> words(argv + 1, argv + argc);
    const auto dashes = std::find(words.begin(), words.end(), "--");
    if (dashes != words.end()) {
        call.command.assign(dashes + 1, words.end());
        words.erase(dashes, words.end());
    }
    if (!words.empty() && !words.front().starts_with('-') && !is_command(app, words.front())) return 2;
    std::reverse(words.begin(), words.end());
    try {
        app.parse(words);
    } catch (const CLI::ParseError& error) {
        return app.exit(error, std::cout, std::cerr) == 0 ? 0 : 2;
    }
    try {
        return call.run();
    } catch (const std::exception& error) {
        std::cerr << "rdpfault: " << error.what() << '\n';
        return 1;
    }
}

}  // namespace rdpfault::harness
