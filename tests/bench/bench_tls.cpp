// Both ends of what a TLS proxy is measured with, on loopback:
//
//   bench_tls sink CERTIFICATE KEY VERSION                  a server; prints its port, ends with its standard input
//   bench_tls handshakes PORT SECONDS CLIENTS VERSION rdp|tls       prints connections a second
//   bench_tls bytes PORT MIB CLIENTS VERSION rdp|tls up|down        prints MiB/s of all clients together
//
// VERSION is 1.2 (ECDHE-RSA-AES128-GCM-SHA256) or 1.3 (TLS_AES_128_GCM_SHA256), with X25519. A connection begins with
// X.224 (rdp) or with TLS at once (tls); the sink takes either. It counts when a byte has been to the sink and back, so
// that a proxy has done both of its handshakes, and nothing is resumed.
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

constexpr std::array<std::uint8_t, 19> request{3, 0, 0, 19, 14, 0xE0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 1, 0, 0, 0};
constexpr std::array<std::uint8_t, 19> confirm{3, 0, 0, 19, 14, 0xD0, 0, 0, 0x12, 0x34, 0, 2, 0, 8, 0, 1, 0, 0, 0};

void demand(bool is_so, const char* what) {
    if (is_so) return;
    std::array<char, 256> text{};
    ERR_error_string_n(ERR_get_error(), text.data(), text.size());
    throw std::runtime_error(std::string(what) + ": " + text.data());
}

std::uint64_t number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value == 0 || value > 1'000'000)
        throw std::runtime_error("not a number from 1 to 1000000: " + std::string(text));
    return value;
}

Context make_context(const std::string& version, bool server) {
    if (version != "1.2" && version != "1.3") throw std::runtime_error("VERSION is 1.2 or 1.3");
    const int wanted = version == "1.2" ? TLS1_2_VERSION : TLS1_3_VERSION;
    Context context(SSL_CTX_new(server ? TLS_server_method() : TLS_client_method()), &SSL_CTX_free);
    auto* ctx = context.get();
    demand(ctx && SSL_CTX_set_min_proto_version(ctx, wanted) == 1 && SSL_CTX_set_max_proto_version(ctx, wanted) == 1,
           "version");
    demand(SSL_CTX_set_cipher_list(ctx, "ECDHE-RSA-AES128-GCM-SHA256") == 1 &&
               SSL_CTX_set_ciphersuites(ctx, "TLS_AES_128_GCM_SHA256") == 1 &&
               SSL_CTX_set1_groups_list(ctx, "X25519") == 1,
           "suites");
    SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(ctx, 0);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    return context;
}

// What happens on one connection. Every wait is bounded by the socket's time-out.
class Stream {
  public:
    Stream(SSL_CTX* context, tcp::socket socket) : socket_(std::move(socket)), ssl_(SSL_new(context), &SSL_free) {
        const timeval limit{20, 0};
        for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO})
            setsockopt(socket_.native_handle(), SOL_SOCKET, option, &limit, sizeof limit);
        socket_.set_option(tcp::no_delay(true));
        demand(ssl_ && SSL_set_fd(ssl_.get(), socket_.native_handle()) == 1, "SSL_set_fd");
    }

    void connect(bool rdp) {
        if (rdp) {
            asio::write(socket_, asio::buffer(request));
            std::array<std::uint8_t, confirm.size()> answer{};
            asio::read(socket_, asio::buffer(answer));
        }
        demand(SSL_connect(ssl_.get()) == 1, "SSL_connect");
    }
    void accept() {
        std::uint8_t first = 0;
        if (recv(socket_.native_handle(), &first, 1, MSG_PEEK) == 1 && first == 3) {
            std::array<std::uint8_t, request.size()> asked{};
            asio::read(socket_, asio::buffer(asked));
            asio::write(socket_, asio::buffer(confirm));
        }
        demand(SSL_accept(ssl_.get()) == 1, "SSL_accept");
    }
    void write(std::uint64_t count) {
        static const std::array<char, 16384> zeros{};
        while (count > 0) {
            const auto part = static_cast<int>(std::min<std::uint64_t>(count, zeros.size()));
            demand(SSL_write(ssl_.get(), zeros.data(), part) == part, "SSL_write");
            count -= static_cast<std::uint64_t>(part);
        }
    }
    void read(std::uint64_t count) {
        std::array<char, 16384> buffer{};
        while (count > 0) {
            const int got =
                SSL_read(ssl_.get(), buffer.data(), static_cast<int>(std::min<std::uint64_t>(count, buffer.size())));
            demand(got > 0, "SSL_read");
            count -= static_cast<std::uint64_t>(got);
        }
    }
    // Says how many bytes are meant to go up and down.
    void order(std::array<std::uint64_t, 2> counts) {
        demand(SSL_write(ssl_.get(), counts.data(), sizeof counts) == sizeof counts, "SSL_write");
    }
    std::array<std::uint64_t, 2> ordered() {
        std::array<std::uint64_t, 2> counts{};
        demand(SSL_read(ssl_.get(), counts.data(), sizeof counts) == sizeof counts, "SSL_read");
        return counts;
    }
    void close() { SSL_shutdown(ssl_.get()); }

  private:
    tcp::socket socket_;
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
};

void serve(SSL_CTX* context, tcp::socket socket) {
    try {
        Stream stream(context, std::move(socket));
        stream.accept();
        const auto [up, down] = stream.ordered();
        stream.read(up);
        stream.write(down);
        stream.close();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "sink: %s\n", error.what());
    }
}

int sink(const std::string& certificate, const std::string& key, const std::string& version) {
    const auto context = make_context(version, true);
    demand(SSL_CTX_use_certificate_chain_file(context.get(), certificate.c_str()) == 1, certificate.c_str());
    demand(SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM) == 1, key.c_str());
    asio::io_context io;
    tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
    std::printf("%u\n", static_cast<unsigned>(acceptor.local_endpoint().port()));
    std::fflush(stdout);
    std::thread([&] {
        while (std::getchar() != EOF) {
        }
        std::fflush(stdout);
        std::_Exit(0);  // with whatever is still open
    }).detach();
    for (;;)
        std::thread(serve, context.get(), acceptor.accept()).detach();
}

struct Target {
    std::uint16_t port;
    bool rdp;
};

void exchange(asio::io_context& io, SSL_CTX* context, const Target& target, std::array<std::uint64_t, 2> counts) {
    tcp::socket socket(io);
    socket.connect({asio::ip::address_v4::loopback(), target.port});
    Stream stream(context, std::move(socket));
    stream.connect(target.rdp);
    stream.order(counts);
    stream.write(counts[0]);
    stream.read(counts[1]);
    stream.close();
}

// Runs `work` in so many threads, and rethrows what the first that failed has thrown. Returns the seconds it took.
template <typename Work>
double in_threads(std::uint64_t count, Work work) {
    std::mutex mutex;
    std::exception_ptr failure;
    std::vector<std::thread> threads;
    const auto begin = Clock::now();
    for (std::uint64_t i = 0; i < count; ++i)
        threads.emplace_back([&] {
            try {
                work();
            } catch (...) {
                const std::lock_guard lock(mutex);
                if (!failure) failure = std::current_exception();
            }
        });
    for (auto& thread : threads)
        thread.join();
    if (failure) std::rethrow_exception(failure);
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

int handshakes(const Target& target, std::uint64_t seconds, std::uint64_t clients, const std::string& version) {
    const auto context = make_context(version, false);
    std::atomic<std::uint64_t> done = 0;
    const auto end = Clock::now() + std::chrono::seconds(seconds);
    const auto took = in_threads(clients, [&] {
        asio::io_context io;
        while (Clock::now() < end) {
            exchange(io, context.get(), target, {1, 1});
            ++done;
        }
    });
    std::printf("%.1f %llu\n", static_cast<double>(done) / took, static_cast<unsigned long long>(done.load()));
    return 0;
}

int bytes(const Target& target, std::uint64_t mib, std::uint64_t clients, const std::string& version, bool up) {
    const auto context = make_context(version, false);
    const auto each = mib * 1024 * 1024 / clients;
    const auto took = in_threads(clients, [&] {
        asio::io_context io;
        exchange(io, context.get(), target,
                 up ? std::array{each, std::uint64_t{1}} : std::array{std::uint64_t{1}, each});
    });
    std::printf("%.1f %llu\n", static_cast<double>(mib) / took, static_cast<unsigned long long>(mib));
    return 0;
}

int run(const std::vector<std::string>& words) {
    const auto size = words.size();
    if (size == 4 && words[0] == "sink") return sink(words[1], words[2], words[3]);
    if (size < 6) throw std::runtime_error("sink, handshakes or bytes; see the top of bench_tls.cpp");
    const Target target{static_cast<std::uint16_t>(number(words[1])), words[5] == "rdp"};
    if (size == 6 && words[0] == "handshakes") return handshakes(target, number(words[2]), number(words[3]), words[4]);
    if (size == 7 && words[0] == "bytes")
        return bytes(target, number(words[2]), number(words[3]), words[4], words[6] == "up");
    throw std::runtime_error("sink, handshakes or bytes; see the top of bench_tls.cpp");
}

}  // namespace

int main(int count, char** arguments) {
    std::signal(SIGPIPE, SIG_IGN);
    try {
        return run({arguments + 1, arguments + count});
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_tls: %s\n", error.what());
        return 2;
    }
}
