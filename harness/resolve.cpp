#include "harness/resolve.hpp"

#include <boost/asio/io_context.hpp>
#include <stdexcept>

namespace rdpfault::harness {

std::vector<boost::asio::ip::tcp::endpoint> resolve(const Endpoint& endpoint) {
    boost::asio::io_context io;
    boost::asio::ip::tcp::resolver resolver(io);
    boost::system::error_code error;
    const auto results = resolver.resolve(endpoint.host, std::to_string(endpoint.port), error);
    if (error) throw std::runtime_error("cannot resolve '" + endpoint.host + "': " + error.message());
    std::vector<boost::asio::ip::tcp::endpoint> endpoints;
    for (const auto& result : results)
        endpoints.push_back(result.endpoint());
    if (endpoints.empty()) throw std::runtime_error("'" + endpoint.host + "' has no address");
    return endpoints;
}

}  // namespace rdpfault::harness
