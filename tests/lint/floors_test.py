"""Proves that ci/floors catches what it is there to catch: each case is one line in one file of an otherwise empty tree."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

FLOORS = pathlib.Path(__file__).resolve().parents[2] / "ci" / "floors"


def floors(files):
    with tempfile.TemporaryDirectory() as folder:
        for path, line in files.items():
            file = pathlib.Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(line + "\n")
        run = subprocess.run([sys.executable, FLOORS, "--root", folder], capture_output=True, text=True, check=False)
    return run.returncode, run.stdout


class Floors(unittest.TestCase):
    def assert_refused(self, path, line):
        code, output = floors({path: line})
        self.assertEqual(code, 1, f"{path} with {line} was accepted")
        self.assertTrue(output.startswith(f"{path}:1: "), output)

    def assert_accepted(self, path, line):
        code, output = floors({path: line})
        self.assertEqual((code, output), (0, ""))

    def test_includes_that_go_up_are_refused(self):
        for path, included in [
            ("protocol/x224.cpp", "harness/verdict.hpp"),
            ("protocol/x224.hpp", "protocol/tls/engine.hpp"),
            ("protocol/tls/engine.cpp", "server/config.hpp"),
            ("proxy/faults/engine.cpp", "proxy/session/session.hpp"),
            ("proxy/faults/engine.cpp", "protocol/tls/engine.hpp"),
            ("proxy/session/session.cpp", "proxy/relay/relay.hpp"),
            ("proxy/relay/relay.cpp", "client/probe.hpp"),
            ("client/probe.cpp", "proxy/event.hpp"),
            ("client/probe.cpp", "server/config.hpp"),
            ("server/acceptor.cpp", "client/probe.hpp"),
            ("server/acceptor.cpp", "proxy/faults/fault.hpp"),
            ("harness/capture/flow.cpp", "harness/verdict.hpp"),
            ("harness/capture/flow.cpp", "proxy/event.hpp"),
        ]:
            with self.subTest(path=path, included=included):
                self.assert_refused(path, f'#include "{included}"')

    def test_includes_that_go_down_or_stay_are_accepted(self):
        for path, included in [
            ("protocol/x224.cpp", "protocol/tpkt.hpp"),
            ("protocol/tls/engine.cpp", "protocol/bytes.hpp"),
            ("proxy/event.hpp", "protocol/stage.hpp"),
            ("proxy/session/session.cpp", "proxy/faults/fault.hpp"),
            ("proxy/session/session.cpp", "proxy/event.hpp"),
            ("proxy/relay/relay.cpp", "proxy/session/session.hpp"),
            ("client/probe.cpp", "protocol/tls/engine.hpp"),
            ("server/acceptor.cpp", "protocol/stage.hpp"),
            ("harness/runner.cpp", "proxy/relay/relay.hpp"),
            ("harness/diagnosis.hpp", "harness/capture/flow.hpp"),
            ("harness/capture/flow.cpp", "protocol/tls/record_opener.hpp"),
            ("tests/unit/client/probe_test.cpp", "server/config.hpp"),
        ]:
            with self.subTest(path=path, included=included):
                self.assert_accepted(path, f'#include "{included}"')

    def test_what_belongs_to_drivers_is_refused_elsewhere(self):
        for path, line in [
            ("protocol/reader.cpp", "#include <boost/asio/buffer.hpp>"),
            ("proxy/session/session.cpp", "#include <sys/socket.h>"),
            ("proxy/faults/engine.cpp", "auto now = std::chrono::steady_clock::now();"),
            ("server/acceptor.cpp", "#include <iostream>"),
            ("client/connector.cpp", "#include <spdlog/spdlog.h>"),
            ("client/connector.cpp", "#include <thread>"),
            ("proxy/faults/random.cpp", "std::random_device seed;"),
            ("harness/runner.cpp", "#include <yaml-cpp/yaml.h>"),
            ("client/probe_report.cpp", "#include <nlohmann/json.hpp>"),
            ("server/acceptor.cpp", "#include <openssl/ssl.h>"),
            ("harness/capture/flow.cpp", "#include <pcap/pcap.h>"),
            ("harness/capture/flow.cpp", "#include <nlohmann/json.hpp>"),
            ("harness/capture/flow.cpp", "#include <iostream>"),
            ("harness/diagnose_command.cpp", "#include <pcap/pcap.h>"),
            ("protocol/x224.cpp", '#include "../bytes.hpp"'),
            ("protocol/x224.cpp", '#include "bytes.hpp"'),
        ]:
            with self.subTest(path=path, line=line):
                self.assert_refused(path, line)

    def test_what_belongs_to_drivers_is_accepted_there(self):
        for path, line in [
            ("proxy/relay/socket.cpp", "#include <boost/asio/ip/tcp.hpp>"),
            ("client/process.cpp", "const auto start = Clock::now();"),
            ("server/listener.cpp", "#include <thread>"),
            ("harness/capture/reader.cpp", "#include <pcap/pcap.h>"),
            ("harness/loader.cpp", "#include <yaml-cpp/yaml.h>"),
            ("harness/json_report.cpp", "#include <nlohmann/json.hpp>"),
            ("proxy/session/session.cpp", "// the driver asks Clock::now() and hands it in"),
        ]:
            with self.subTest(path=path, line=line):
                self.assert_accepted(path, line)

    def test_each_violation_is_reported(self):
        code, output = floors({"client/a.cpp": '#include "proxy/event.hpp"', "server/b.cpp": "#include <mutex>"})
        self.assertEqual((code, len(output.splitlines())), (1, 2))


if __name__ == "__main__":
    unittest.main()
