// The keys below socket: of a target file.
#include "harness/client/target/sections.hpp"
#include "harness/client/target/template_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace client {

namespace {

outgoing read_json_frame(reader& read, const tree& node, std::string_view where) {
  outgoing out;
  out.frame = read_json_template(read, node, where);
  return out;
}

outgoing read_text_frame(reader& read, const tree& node, std::string_view where) {
  outgoing out;
  out.frame = read_template(read, node, where);
  return out;
}

outgoing read_emit(reader& read, const tree& node, std::string_view where) {
  outgoing out;
  out.is_event = true;
  read.list(node, where, [&](const tree& item) {
    if (&item == &node.items.front()) {
      out.event = read_template(read, item, where);
    } else {
      out.arguments.push_back(read_json_template(read, item, where));
    }
  });
  if (!read.problem() && node.items.empty()) {
    read.fail(node.at, fmt::format("{} is an empty list", where), "the event's name, then its arguments");
  }
  return out;
}

acknowledgement read_acknowledgement(reader& read, const tree& node, const std::string& where) {
  acknowledgement out;
  read.map(node, where,
           {{"pointer", [&](const tree& v) { out.at = read_pointer(read, v, where + ".pointer"); }},
            {"equals", [&](const tree& v) { out.equals = read_template(read, v, where + ".equals"); }},
            {"error_first", [&](const tree& v) { out.error_first = read.boolean(v, where + ".error_first"); }},
            {"capture", [&](const tree& v) { out.takes = read_captures(read, v, where + ".capture", true); }}});
  if (!read.problem() && out.equals && !out.at) out.at.emplace();
  return out;
}

// The keys of a step that writes: send, text or emit.
std::vector<reader::key> writing_keys(reader& read, const std::string& where, outgoing& out, int& written) {
  return {{"send",
           [&read, &out, &written, where](const tree& v) {
             ++written;
             out = read_json_frame(read, v, where + ".send");
           }},
          {"text",
           [&read, &out, &written, where](const tree& v) {
             ++written;
             out = read_text_frame(read, v, where + ".text");
           }},
          {"emit", [&read, &out, &written, where](const tree& v) {
             ++written;
             out = read_emit(read, v, where + ".emit");
           }}};
}

socket_step read_step(reader& read, const tree& node, const std::string& where) {
  socket_step out;
  int does = 0;
  auto keys = writing_keys(read, where, out.send, does);
  keys.push_back({"expect", [&](const tree& v) {
                    out.expect = read_conditions(read, v, where + ".expect");
                    ++does;
                  }});
  keys.push_back({"capture", [&](const tree& v) { out.takes = read_captures(read, v, where + ".capture", true); }});
  keys.push_back({"ack", [&](const tree& v) { out.answered = read_acknowledgement(read, v, where + ".ack"); }});
  read.map(node, where, keys);
  if (read.problem()) return out;
  const bool expects = std::ranges::any_of(node.entries, [](const tree::entry& e) { return e.key == "expect"; });
  out.does = expects ? socket_step::action::expect : socket_step::action::send;
  if (does != 1) {
    read.fail(node.at, fmt::format("{} {}", where, does == 0 ? "does nothing" : "does several things"),
              "one of expect, send, text or emit", does > 1 ? "make it several steps" : "");
  } else if (out.answered && !out.send.is_event) {
    read.fail(node.at, fmt::format("{} has ack without emit", where), "ack beside emit");
  } else if (!out.takes.empty() && !expects) {
    read.fail(node.at, fmt::format("{} captures from no frame", where), "capture beside expect, or inside of ack");
  }
  return out;
}

std::vector<socket_step> read_steps(reader& read, const tree& node, const std::string& where) {
  std::vector<socket_step> out;
  read.list(node, where, [&](const tree& item) { out.push_back(read_step(read, item, where)); });
  return out;
}

outgoing read_outgoing(reader& read, const tree& node, const std::string& where, std::vector<reader::key> others = {}) {
  outgoing out;
  int written = 0;
  auto keys = writing_keys(read, where, out, written);
  keys.insert(keys.begin(), others.begin(), others.end());
  read.map(node, where, keys);
  if (!read.problem() && written != 1) {
    read.fail(node.at, fmt::format("{} says {}", where, written == 0 ? "nothing" : "several things"),
              "one of send, text or emit");
  }
  return out;
}

void read_ready(reader& read, const tree& node, socket_ready& out) {
  if (node.kind == tree::kind::map) {
    out.is = socket_ready::sign::frame;
    return read.map(node, "socket.ready",
                    {{"when", [&](const tree& v) { out.when = read_conditions(read, v, "socket.ready.when"); }, true}});
  }
  out.is = read.word(node, "socket.ready", {"open", "connect"}) == 0 ? socket_ready::sign::open
                                                                     : socket_ready::sign::connect;
}

void read_message(reader& read, const tree& node, socket_message& out) {
  const auto into = [&](std::string_view key, auto& pointer, bool required = false) {
    return reader::key{key,
                       [&read, &pointer, key](const tree& v) {
                         pointer = read_pointer(read, v, fmt::format("socket.message.{}", key));
                       },
                       required};
  };
  read.map(node, "socket.message",
           {{"when", [&](const tree& v) { out.when = read_conditions(read, v, "socket.message.when"); }},
            into("items", out.items),
            {"unwrap",
             [&](const tree& v) {
               read.list(
                   v, "socket.message.unwrap",
                   [&](const tree& item) { out.unwrap.push_back(read_pointer(read, item, "socket.message.unwrap")); },
                   true);
             }},
            into("id", out.id, true),
            into("text", out.text),
            into("chat", out.chat),
            into("sender", out.sender),
            into("time", out.time)});
}

void read_refusal(reader& read, const tree& node, socket_refusal& out) {
  if (node.kind != tree::kind::map) {
    out.is = read.word(node, "socket.refusal", {"silent", "none"}) == 0 ? socket_refusal::look::silent
                                                                        : socket_refusal::look::none;
    return;
  }
  const auto codes = [&](socket_refusal::look look, int least, int most, std::string_view where) {
    return [&read, &out, look, least, most, where](const tree& v) {
      out.is = look;
      for (const int code : read_numbers(read, v, where, least, most)) {
        out.codes.push_back(static_cast<std::uint16_t>(code));
      }
    };
  };
  read.map(node, "socket.refusal",
           {{"status", codes(socket_refusal::look::status, 100, 599, "socket.refusal.status")},
            {"close", codes(socket_refusal::look::close, 1000, 4999, "socket.refusal.close")}});
  if (!read.problem() && node.entries.size() != 1) {
    read.fail(node.at, fmt::format("socket.refusal says {}", node.entries.empty() ? "nothing" : "several things"),
              "status, close, silent or none");
  }
}

socket_heartbeat read_heartbeat(reader& read, const tree& node) {
  socket_heartbeat out;
  out.send = read_outgoing(read, node, "socket.heartbeat",
                           {{"every",
                             [&](const tree& v) {
                               out.every = read_duration(read, v, "socket.heartbeat.every");
                               if (!read.problem() && out.every.count() == 0) {
                                 read.fail(v.at, "socket.heartbeat.every is 0", "25s or so");
                               }
                             },
                             true}});
  return out;
}

socket_answer read_answer(reader& read, const tree& node) {
  socket_answer out;
  out.send = read_outgoing(
      read, node, "socket.answers",
      {{"when", [&](const tree& v) { out.when = read_conditions(read, v, "socket.answers.when"); }, true}});
  return out;
}

void read_transports(reader& read, const tree& node, std::vector<socket_transport>& out) {
  out.clear();
  read.list(node, "socket.transports", [&](const tree& item) {
    out.push_back(static_cast<socket_transport>(read.word(item, "socket.transports", {"polling", "websocket"})));
  });
  if (!read.problem() && out.empty()) read.fail(node.at, "socket.transports is an empty list", "polling, websocket");
}

void judge_kind(reader& read, const tree& node, const socket_description& out) {
  if (read.problem() || out.kind == socket_kind::socketio) return;
  for (const tree::entry& entry : node.entries) {
    if (entry.key == "transports" || entry.key == "namespace" || entry.key == "auth") {
      return read.fail(entry.at, fmt::format("socket.{} is for Socket.IO", entry.key), "kind: socketio beside it");
    }
  }
  const auto emits = [](const std::vector<socket_step>& steps) {
    return std::ranges::any_of(steps, [](const socket_step& each) { return each.send.is_event; });
  };
  const bool any = emits(out.handshake) || emits(out.join) || (out.heartbeat && out.heartbeat->send.is_event) ||
                   std::ranges::any_of(out.answers, [](const socket_answer& each) { return each.send.is_event; });
  if (any) read.fail(node.at, "socket has emit, which is for Socket.IO", "kind: socketio, or send instead of emit");
}

}  // namespace

conditions read_conditions(reader& read, const tree& node, const std::string& where) {
  conditions out;
  const auto read_one = [&](const tree& item) {
    condition one;
    int tests = 0;
    bool points = false;
    read.map(item, where,
             {{"event",
               [&](const tree& v) {
                 one.asks = condition::test::event;
                 one.event = read.text(v, where + ".event");
                 ++tests;
               }},
              {"pointer",
               [&](const tree& v) {
                 one.at = read_pointer(read, v, where + ".pointer");
                 points = true;
               }},
              {"equals",
               [&](const tree& v) {
                 one.asks = condition::test::equals;
                 one.value = read_template(read, v, where + ".equals");
                 ++tests;
               }},
              {"present", [&](const tree& v) {
                 one.asks = condition::test::present;
                 one.wanted = read.boolean(v, where + ".present");
                 ++tests;
               }}});
    if (read.problem()) return;
    const bool by_event = one.asks == condition::test::event && tests == 1;
    if (tests != 1 || by_event == points) {
      return read.fail(item.at, fmt::format("{} is no condition", where),
                       "{ event: NAME }, { pointer: /a, equals: x } or { pointer: /a, present: true }");
    }
    out.push_back(std::move(one));
  };
  if (node.kind == tree::kind::map) {
    read_one(node);
  } else {
    read.list(node, where, read_one);
  }
  return out;
}

void read_socket(reader& read, const tree& node, socket_description& out) {
  const std::vector<reader::key> keys{
      {"url", [&](const tree& v) { read_urls(read, v, "socket.url", "ws", true, out.urls); }, true},
      {"kind",
       [&](const tree& v) {
         out.kind = static_cast<socket_kind>(read.word(v, "socket.kind", {"websocket", "socketio"}));
       }},
      {"transports", [&](const tree& v) { read_transports(read, v, out.transports); }},
      {"path", [&](const tree& v) { out.path = read_template(read, v, "socket.path", encoding::path); }},
      {"query",
       [&](const tree& v) {
         for (auto& [name, value] : read_named(read, v, "socket.query", encoding::query)) {
           if (value) out.query.emplace_back(name, std::move(*value));
         }
       }},
      {"headers", [&](const tree& v) { out.headers = read_named(read, v, "socket.headers", encoding::plain); }},
      {"protocols",
       [&](const tree& v) {
         read.list(
             v, "socket.protocols",
             [&](const tree& item) { out.protocols.push_back(read_template(read, item, "socket.protocols")); }, true);
       }},
      {"namespace", [&](const tree& v) { out.name_space = read_template(read, v, "socket.namespace"); }},
      {"auth", [&](const tree& v) { out.auth = read_json_template(read, v, "socket.auth"); }},
      {"login_headers", [&](const tree& v) { out.login_headers = read.boolean(v, "socket.login_headers"); }},
      {"handshake", [&](const tree& v) { out.handshake = read_steps(read, v, "socket.handshake"); }},
      {"join", [&](const tree& v) { out.join = read_steps(read, v, "socket.join"); }},
      {"ready", [&](const tree& v) { read_ready(read, v, out.ready); }},
      {"track",
       [&](const tree& v) {
         read.entries(v, "socket.track", [&](const tree::entry& entry) {
           read.sets(entry.key);
           out.track.emplace_back(entry.key, read_pointer(read, entry.value, "socket.track." + entry.key));
         });
       }},
      {"heartbeat", [&](const tree& v) { out.heartbeat = read_heartbeat(read, v); }},
      {"answers",
       [&](const tree& v) {
         read.list(v, "socket.answers", [&](const tree& item) { out.answers.push_back(read_answer(read, item)); });
       }},
      {"message", [&](const tree& v) { read_message(read, v, out.message.emplace()); }},
      {"mentions",
       [&](const tree& v) {
         read.list(v, "socket.mentions", [&](const tree& item) {
           read.map(item, "socket.mentions",
                    {{"when",
                      [&](const tree& w) { out.mentions.push_back(read_conditions(read, w, "socket.mentions.when")); },
                      true}});
         });
       }},
      {"refusal", [&](const tree& v) { read_refusal(read, v, out.refusal); }},
  };
  read.map(node, "socket", keys);
  judge_kind(read, node, out);
}

}  // namespace client
