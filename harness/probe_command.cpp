// `rdpfault probe`: connect once and say everything.
#include "harness/probe_command.hpp"

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "client/probe.hpp"
#include "harness/interrupt.hpp"
#include "harness/options.hpp"

namespace rdpfault::harness {

int probe_command(const ProbeOptions& options) {
    boost::asio::io_context io{1};
    client::ProbeReport report;
    const auto probe =
        std::make_shared<client::Probe>(io.get_executor(), options.server.host, options.server.port, options.config,
                                        [&](client::ProbeReport done) { report = std::move(done); });
    {
        Interrupt interrupt([&] { boost::asio::post(io, [&] { probe->cancel(); }); });
        probe->start();
        io.run();
    }
    const auto& output = options.output;
    const bool color =
        output.color == Color::always || (output.color == Color::automatic && isatty(STDOUT_FILENO) == 1);
    if (output.format == Format::json) {
        // What a certificate says of itself need not be UTF-8.
        std::cout << to_json(report).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    } else {
        std::cout << to_string(options.server) << '\n' << render_text(report, color);
    }
    return report.worked() ? 0 : 1;
}

}  // namespace rdpfault::harness
