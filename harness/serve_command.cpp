// `rdpfault serve`: the embedded server alone, for as long as nobody stops it.
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "harness/credential.hpp"
#include "harness/interrupt.hpp"
#include "harness/key_log_file.hpp"
#include "harness/loader.hpp"
#include "harness/options.hpp"
#include "harness/resolve.hpp"
#include "server/listener.hpp"

namespace rdpfault::harness {

namespace {

void print_text(std::uint32_t ordinal, double seconds, const std::string& text) {
    std::cout << std::fixed << std::setprecision(3) << std::setw(9) << seconds << "  #" << ordinal << " " << text
              << '\n';
    std::cout.flush();
}

void print_json(const nlohmann::ordered_json& line) {
    // What a client says of itself need not be UTF-8.
    std::cout << line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    std::cout.flush();
}

double seconds(server::Time time) {
    return std::chrono::duration<double>(time).count();
}

server::ListenerCallbacks callbacks_for(bool json, const std::optional<KeyLogFile>& keys) {
    server::ListenerCallbacks callbacks;
    callbacks.event = [json](std::uint32_t ordinal, const server::Event& event) {
        const auto what = event.stage ? std::string(to_string(*event.stage)) : event.text;
        if (!json) return print_text(ordinal, seconds(event.at), what);
        print_json({{"connection", ordinal}, {"time", seconds(event.at)}, {event.stage ? "stage" : "text", what}});
    };
    callbacks.ended = [json](const server::ConnectionReport& report) {
        const auto& session = report.session;
        const auto ending = to_string(session.ending);
        if (!json)
            return print_text(report.ordinal, seconds(session.duration),
                              "ended by the " + std::string(to_string(session.by)) + ": " + ending);
        print_json({{"connection", report.ordinal},
                    {"time", seconds(session.duration)},
                    {"peer", report.peer},
                    {"ended_by", to_string(session.by)},
                    {"ending", ending},
                    {"stage", to_string(session.furthest)},
                    {"session_up", session.session_up},
                    {"client_name", session.client_name},
                    {"bytes_received", report.bytes_received},
                    {"bytes_sent", report.bytes_sent}});
    };
    if (keys) callbacks.key_log = [&keys](std::string_view line) { keys->write(line); };
    return callbacks;
}

}  // namespace

int serve_command(const ServeOptions& options) {
    auto config = options.config;
    if (!options.scenario.empty()) {
        const auto loaded = load_paths({options.scenario});
        for (const auto& error : loaded.errors)
            std::cerr << to_string(error) << '\n';
        if (!loaded.errors.empty()) return 2;
        if (loaded.scenarios.size() != 1) {
            std::cerr << options.scenario << ": name one scenario, not " << loaded.scenarios.size() << '\n';
            return 2;
        }
        config = loaded.scenarios.front().server;
    }
    try {
        std::optional<KeyLogFile> keys;
        if (!options.key_log.empty()) keys.emplace(options.key_log);
        boost::asio::io_context io{1};
        const auto endpoint = resolve(options.listen).front();
        server::Listener listener(io, config, mint_credential(), endpoint,
                                  callbacks_for(options.output.format == Format::json, keys));
        std::cerr << "listening on " << to_string(Endpoint{options.listen.host, listener.port()})
                  << "; Ctrl-C ends it\n";
        Interrupt interrupt([&] { boost::asio::post(io, [&] { listener.stop(); }); });
        io.run();
    } catch (const std::exception& error) {
        std::cerr << "rdpfault serve: " << error.what() << '\n';
        return 2;
    }
    return 0;
}

}  // namespace rdpfault::harness
