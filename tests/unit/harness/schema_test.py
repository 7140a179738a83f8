#!/usr/bin/env python3
"""Holds scenarios/schema.json against the loader.

Every case is generated from documents that use the whole language: each key left out, each value replaced by each of a
set of others, a key too many everywhere. Both must accept or both must refuse. What only the loader can know (what
fits together, what a name refers to) is listed below; such a case must be one the schema has no word for.
"""
import copy
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import jsonschema

# Refused by the loader for what the parts mean together, which the schema does not try to say.
MEANING = [
    "means nothing with this moment", "is sent by the", "works on a whole unit", "needs a unit to replace",
    "is a field of", "acts before there is a connection", "stands before there is a connection", "is left to chance",
    "two faults have the id", "the lowest TLS version", "counts from the activation", "a time-out is from",
    "can be modelled on the stream", "add up to more than 1",
    "the name '", "lies inside TLS", "begins inside TLS", "needs 'users:'",
    "in variant '", "runs can prove", "nothing here is left to chance", "there is no item", "': there is no '",
    "needs 'mode: intercept'", "belongs to no leg", "the legs differ", "client_tls: ", "server_tls: ",
]

COMMON = {"summary": "s", "cause": "control", "expect": "connected"}
MOMENTS = [
    {"at": "start"}, {"at": "tls.client_hello", "nth": 1, "byte": 3}, {"after": "x224.confirm", "from": "server"},
    {"record": 2, "from": "client", "passed_on": True}, {"stream_byte": 0, "from": "server"}, {"idle": "5s"},
    {"at": "tls.application_data", "from": "client", "nth": 3, "elapsed": "1.5s", "connection": "2+"},
    {"at": "start", "connection": "first"}, {"at": "start", "connection": 2, "in_flight": "discard", "id": "a-1"},
]
ACTIONS = [
    {"reset": "client"}, {"close": "server"}, {"half_close": "both"}, {"stall": "forever"},
    {"stall": {"time": "5s", "direction": "both"}}, {"delay": "50ms"},
    {"delay": {"time": "50ms", "jitter": "5ms", "distribution": "normal", "direction": "client-to-server"}},
    {"throttle": "64kbit/s"}, {"throttle": {"rate": "8kB/s", "direction": "server-to-client"}},
    {"truncate": {"keep": 4, "then": "reset"}}, {"corrupt": {"bits": 2, "skip": 1}},
    {"drop_bytes": {"offset": 0, "count": 2}}, {"inject": {"negotiation_failure": 5, "to": "client"}},
    {"inject": {"tls_alert": 40, "then": "nothing"}},
    {"inject": {"tls_alert": {"code": 40, "level": 1}, "replace": False}}, {"inject": {"banner": "HTTP/1.1 400\r\n"}},
    {"inject": {"hex": "03 00", "then": "stall"}}, {"mutate": {"confirm.code": 1, "confirm.tpkt_length": 2}},
]
# Faults for the inside of TLS: a moment and an action.
INTERCEPTED = [
    ({"at": "mcs.connect_response"}, {"mutate": {"connect_response.h221_key": 1, "connect_response.result": 14}}),
    ({"at": "mcs.channel_join", "from": "server", "nth": 2}, {"mutate": {"channel_join_confirm.channel_present": 0}}),
    ({"at": "rdp.finalization", "from": "server"}, {"postpone": 2}), ({"at": "rdp.data"}, {"split": {"size": 7}}),
    ({"after": "rdp.channel_data"}, {"inject": {"error_info": 7}}),
    ({"at": "rdp.demand_active"}, {"inject": {"renegotiation": True, "replace": False, "then": "nothing"}}),
    ({"after": "rdp.active"}, {"inject": {"disconnect": "user-requested", "then": "nothing"}}),
    ({"at": "rdp.active"}, {"inject": {"disconnect": 7, "replace": True}}),
    ({"at": "rdp.licensing"}, {"inject": {"license_error": {"code": 2, "transition": 1}}}),
    ({"at": "rdp.licensing"}, {"inject": {"license_error": 6}}),
    ({"after": "rdp.active"}, {"inject": {"deactivate_all": "short"}}),
    ({"at": "rdp.demand_active"}, {"inject": {"redirection": True}}),
    ({"at": "rdp.demand_active"}, {"inject": {"redirection": {"target": "127.0.0.1"}}}),
    ({"at": "nla.public_key"}, {"inject": {"credssp_error": 0xC000006D}}),
    ({"at": "nla.public_key"}, {"inject": {"credssp_error": {"status": 3221225566, "version": 2}}}),
    ({"at": "rdp.data"}, {"inject": {"auto_reconnect_status": 0}}), ({"at": "rdp.data"}, {"inject": {"shutdown_denied": True}}),
]
AT_START = [
    {"refuse": True}, {"hold_accept": True}, {"accept_then_close": "reset"}, {"max_connections": 1},
    {"max_connections": {"count": 1, "with": "reset"}},
]
SERVERS = [
    {"tls": {"min": "1.0", "max": "1.2", "ciphers": "ALL", "ciphersuites": "TLS_AES_128_GCM_SHA256"}, "size": "800x600",
     "stage_timeout": "5s", "negotiation_failure": 5, "certificate_key": "unusable", "after_tls": "close"},
    {"license_error": 2, "after_licensing": "silence", "max_connections": 0,
     "error_info": {"code": 7, "when": "after_activation", "after": "1s"}},
    {"disconnect": {"reason": "user-requested", "after": "1s"}, "error_info": 7, "certificate_key": {"ends": "close"}},
    {"security": "negotiate", "users": [{"user": "alice", "domain": "LAB", "password": "p"}],
     "nla": {"error": "STATUS_LOGON_FAILURE", "public_key": "wrong", "version": 5, "close": "authenticate",
             "early_auth": "denied"}},
    {"security": "nla", "users": [{"user": "alice", "password": "p"}],
     "nla": {"error": 7, "close": {"after": "negotiate", "ends": "reset"}}},
    {"nla": "none", "disconnect": "none", "error_info": "none", "after_tls": "none", "license_error": "none", "max_connections": "none"},
]
PROXIES = [
    {"mode": "intercept", "client_tls": {"min": "1.2", "max": "1.3", "ciphers": "ALL", "ciphersuites": "TLS_AES_128_GCM_SHA256",
                                         "groups": "P-256", "signature_algorithms": "ECDSA+SHA256"},
     "certificate": "expired", "nla": "server-key", "requested_protocols": 3, "selected_protocol": 1, "repair": "none"},
    {"mode": "intercept", "server_tls": {"min": "1.0", "max": "1.1"}}, {"mode": "pass-through"},
]
CLIENT = {"kind": "probe", "tls": {"min": 1.2, "max": 1.3, "ciphers": "ALL", "ciphersuites": "TLS_AES_128_GCM_SHA256"},
          "requested_protocols": 3, "reconnects": 1, "linger": "1s", "stage_timeout": "1s", "connect_timeout": "1s",
          "user": "alice", "domain": "LAB", "password": "p", "size": "800x600", "security": "nla",
          "nla": {"package": "ntlm", "version": 6, "min_version": 5}}
DIRECTION = {"latency": "50ms", "jitter": {"time": "5ms", "distribution": "pareto", "keep_order": False}, "loss": 0.01,
             "lose": [{"kind": "syn-ack", "nth": 2}, {"stage": "tls.client_hello", "count": 2}], "duplicate": 0.5,
             "reorder": {"probability": 0.1, "distance": 2, "at_most": "5ms"}, "mtu": {"bytes": 1000, "answer": "none"},
             "corrupt": {"probability": 0.1, "bits": 2, "checksum": "right"}, "mss_clamp": 1200, "silent": True,
             "rate": {"rate": "64kbit/s", "burst": 3000, "queue_bytes": 30000, "queue_packets": 10}, "syn": "prohibited",
             "outages": [{"at": "1s", "for": "2s", "every": "5s"}], "idle": {"after": "5s", "then": "reset"}}
NETWORKS = [
    {"between": "middle", **DIRECTION, "congestion": "reno", "client_mtu": 1400, "keep_alive": "5s", "fidelity": "packet"},
    {"towards_server": DIRECTION, "towards_client": {"jitter": "5ms", "reorder": 0.5, "corrupt": 0.5, "rate": "64kbit/s",
                                                     "mtu": 1000, "idle": "5s"}},
    {"loss": {"gilbert_elliott": {"p": 0.5, "r": 0.5, "bad_loss": 0.5, "good_loss": 0.5}},
     "timeline": [{"time": "5s", "silent": True}, {"at": "rdp.active", "towards_client": {"loss": {"packets": [3, "7-9"]}}},
                  {"after": "tls.server_hello", "towards_server": {"latency": "5ms"}}]},
    {"loss": {"four_state": {"p13": 0.1, "p31": 0.5, "p32": 0.1, "p23": 0.5, "p14": 0.1}}},
    {"latency": "5ms", "fidelity": "modelled"},
    "none",
]
EXPECTATIONS = [
    "connected", {"ends_at": "rdp.active", "ended_by": "reset", "who": "proxy", "session_up": True,
                  "mstsc": "0x904/0x7", "connections": 2}, {"ended_by": {"alert": 40}},
    {"ended_by": {"authentication": "STATUS_LOGON_FAILURE"}}, {"ended_by": {"authentication": 7}},
    {"session_up": False, "any_of": [{"ended_by": "close"}, {"ended_by": {"error_info": 7}}]},
]
FIXES = {"repair": {"action": "a", "faults": []}, "other": {"action": "b", "server": {"size": "800x600"},
                                                            "client": {"linger": "1s"}, "expect": "connected"}}
# Put in the place of each value. No 1.0 for 1, no "5" for 5, and no 1 for a TLS version: JSON Schema and YAML differ on
# what those are.
OTHERS = [None, True, False, -1, 0, 1, 7, 300, 2**32, 0.5, 1.5, "", "x", "5s", "5", "forever", "64kbit/s", "800x600", "client",
          "start", "none", "close", "reset", [], ["x"], {}, {"x": 1}, {"ends": "close"}, "0x904/0x7", "connected"]


def fault(moment, action):
    return {**moment, "do": action}


def documents():
    yield {**COMMON, "description": "d", "requires": ["probe", "embedded-server", "real-server"], "repeat": 2, "seed": 7, "timeout": "30s",
           "fixes": FIXES}
    for moment in MOMENTS:
        yield {**COMMON, "faults": [fault(moment, {"reset": "client"})]}
    for action in ACTIONS:
        yield {**COMMON, "faults": [fault({"at": "x224.confirm"}, action)]}
    for moment, action in INTERCEPTED:
        yield {**COMMON, "proxy": {"mode": "intercept"}, "faults": [fault(moment, action)]}
    for proxy in PROXIES:
        yield {**COMMON, "proxy": proxy}
        yield {**COMMON, "proxy": {"mode": "intercept"}, "fixes": {"mended": {"action": "a", "proxy": proxy}}}
    yield {**COMMON, "proxy": {"mode": "intercept"},
           "faults": [{**fault({"at": "tls.client_hello"}, {"inject": {"tls_alert": 80, "to": "server"}}), "leg": "server"}]}
    for action in AT_START:
        yield {**COMMON, "faults": [fault({"at": "start"}, action)]}
    yield {**COMMON, "faults": [{**fault({"at": "start"}, {"reset": "client"}), "probability": 0.5}], "repeat": 9}
    for server in SERVERS:
        yield {**COMMON, "server": server}
    yield {**COMMON, "client": CLIENT}
    yield {**COMMON, "network": {"loss": 0.5}, "repeat": 50, "rate": {"at_least": 0.5, "confidence": 0.9},
           "fixes": {"mended": {"action": "a", "network": {"loss": 0.1}, "rate": {"at_least": 0.8}}},
           "variants": {"one": {"network.loss": 0.2, "rate": {"at_most": 0.4}}, "two": {"network.loss": 0.3}}}
    for network in NETWORKS:
        yield {**COMMON, "requires": ["packet-link"], "network": network}
    for expectation in EXPECTATIONS:
        yield {**COMMON, "expect": expectation}


def places(value, path=()):
    """Every key and item, as the path to it."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield path + (key,)
        yield from places(inner, path + (key,))


def at(document, path):
    for key in path:
        document = document[key]
    return document


def changed(document, path, change):
    other = copy.deepcopy(document)
    change(at(other, path[:-1]), path[-1])
    return other


def cases():
    for document in documents():
        yield document
        for path in places(document):
            yield changed(document, path, lambda parent, key: parent.pop(key))
            if isinstance(at(document, path), dict):
                yield changed(document, path, lambda parent, key: parent[key].update(surplus=1))
            for other in OTHERS:
                if at(document, path) != other and not (other == 1 and path[-1] in ("min", "max")):
                    yield changed(document, path, lambda parent, key, o=other: parent.__setitem__(key, o))
        yield {**document, "surplus": 1}


def listing(program, command):
    return json.loads(subprocess.check_output([program, command, "--format", "json"]))


def statuses(codes_page):
    """The names of the catalogue's NTSTATUS family, from the page that is written from it."""
    section = codes_page.read_text().replace("\\_", "_").split("## NTSTATUS", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"\b(?:STATUS|SEC_E|E)_[A-Z_]+\b", section)


def same(what, in_schema, in_program):
    if set(in_schema) == set(in_program):
        return 0
    print(f"{what}: only in the schema {set(in_schema) - set(in_program)}, only in the program {set(in_program) - set(in_schema)}")
    return 1


def compare_tables(program, schema, codes_page):
    """The words the schema lists are those of the program's own tables."""
    fault_keys = schema["$defs"]["faults"]["items"]["properties"]
    stages = listing(program, "stages")
    moments = [s["stage"] for s in stages if s["stage"] != "tcp.connect"]
    traffic = ("rdp.data", "rdp.channel_data")  # they do not say how far a connection got
    actions = fault_keys["do"]["properties"]
    end = schema["$defs"]["expectation"]["oneOf"][1]["properties"]
    return (same("causes", schema["properties"]["cause"]["enum"], [c["cause"] for c in listing(program, "causes")])
            + same("stages of at", fault_keys["at"]["enum"], moments + ["start"])
            + same("stages of after", fault_keys["after"]["enum"], moments)
            + same("stages of ends_at", end["ends_at"]["enum"], [s["stage"] for s in stages if s["stage"] not in traffic])
            + same("statuses", schema["$defs"]["status"]["oneOf"][1]["enum"], statuses(codes_page))
            + same("faults", actions, [f["fault"] for f in listing(program, "faults")])
            + same("mutations", actions["mutate"]["properties"], [m["mutation"] for m in listing(program, "mutations")]))


def loader_errors(program, documents_by_name, folder):
    """The messages for each file. In folders of a thousand: the program takes no folder of more than ten thousand."""
    for i, (name, document) in enumerate(documents_by_name.items()):
        part = folder / str(i // 1000)
        part.mkdir(exist_ok=True)
        (part / f"{name}.yaml").write_text(json.dumps({"name": name, **document}))
    errors = {}
    for part in folder.iterdir():
        done = subprocess.run([program, "check", "--format", "json", str(part)], stdout=subprocess.PIPE, check=False)
        assert done.returncode in (0, 2), done.returncode
        for error in json.loads(done.stdout)["errors"]:
            errors.setdefault(pathlib.Path(error["path"]).stem, []).append(error["message"])
    return errors


def main(program, schema_path):
    schema = json.loads(pathlib.Path(schema_path).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    wrong = compare_tables(program, schema, pathlib.Path(schema_path).parent.parent / "docs" / "codes.md")

    documents_by_name = {f"c{i}": case for i, case in enumerate(cases())}
    with tempfile.TemporaryDirectory() as folder:
        errors = loader_errors(program, documents_by_name, pathlib.Path(folder))
    accepted = refused = meaning = 0
    for name, document in documents_by_name.items():
        messages = errors.get(name, [])
        valid = validator.is_valid({"name": name, **document})
        if messages and all(re.search("|".join(map(re.escape, MEANING)), m) for m in messages):
            meaning += 1
        elif valid == (not messages):
            accepted, refused = accepted + valid, refused + (not valid)
        else:
            wrong += 1
            if wrong <= 40:
                print(f"schema {'accepts' if valid else 'refuses'}, loader says {messages}: {json.dumps(document)}")
    print(f"{accepted} accepted by both, {refused} refused by both, {meaning} refused for their meaning, {wrong} differ")
    assert accepted > 100 and refused > 1000, "the cases prove too little"
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
