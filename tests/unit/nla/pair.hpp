// Both ends of CredSSP, in memory.
#pragma once

#include <gmock/gmock.h>

#include "protocol/nla/client.hpp"
#include "protocol/nla/server.hpp"

namespace rdpfault::nla {

struct Pair {
    Pair() {
        client.package = Package::ntlm;
        client.credentials = {"LAB", "alice", "correct horse: battery"};
        client.public_key = server.public_key = to_bytes("\x30\x0a the key of the certificate");
    }

    std::vector<Account> accounts{{"bob", "", "other"}, {"alice", "LAB", "correct horse: battery"}};
    ClientConfig client;
    ServerConfig server;
    std::string keytab;
};

// Every message of a run, in order, and how both ends stand when nothing is left to say.
struct Exchange {
    explicit Exchange(const Pair& pair) : Exchange(pair.client, with_credential(pair)) {}
    Exchange(const ClientConfig& client_config, const ServerConfig& server_config)
        : client(client_config), server(server_config) {
        auto message = client.start();
        while (!message.empty()) {
            messages.push_back(message);
            stages.push_back(client.sent());
            message = server.receive(message);
            if (message.empty()) break;
            messages.push_back(message);
            if (server.sent()) stages.push_back(*server.sent());
            message = client.receive(message);
        }
    }

    static ServerConfig with_credential(const Pair& pair) {
        auto config = pair.server;
        if (!config.credential) config.credential = std::make_shared<AcceptorCredential>(pair.accounts, pair.keytab);
        return config;
    }

    CredSspClient client;
    CredSspServer server;
    std::vector<Bytes> messages;
    std::vector<Stage> stages;
};

}  // namespace rdpfault::nla
