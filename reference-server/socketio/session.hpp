// The rules of one Engine.IO session: heartbeat, polling, the upgrade to WebSocket, closing. No I/O and no clock: time
// comes as ticks (tenths of a second), what happened comes as calls, and the answers say what the carrier of the
// session's bytes has to do. Owned by that carrier, on the loop's thread.
#pragma once

#include "reference-server/socketio/engine_packet.hpp"

#include <cstdint>

namespace socketio {

using tick = std::uint32_t;

struct session_times {
  tick ping_interval = 250;   // from the last ping, or from the opening
  tick ping_timeout = 200;    // from the ping
  tick upgrade_within = 100;  // from the second WebSocket to the `upgrade` packet
  tick join_within = 450;     // until a namespace is joined; 0: no such rule
  tick fetch_within = 300;    // a polling client that is to be told of the end
};

class session {
 public:
  enum class carrier : std::uint8_t { polling, websocket };

  // `times` has to outlive the session.
  session(carrier opened_by, const session_times& times, tick now);

  carrier carried_by() const { return carrier_; }

  // A packet of the client, on the carrier that the session has.
  enum class meaning : std::uint8_t {
    nothing,
    message,
    end,    // the client has closed it
    fault,  // against the protocol: close it
  };
  meaning take(const engine_packet& given);

  // A GET with its sid came.
  enum class poll : std::uint8_t {
    hold,       // until something is due
    answer,     // now, with what is due
    duplicate,  // one is held already: the session ends, both are refused
    refuse,     // polling is over
  };
  poll poll_came(bool something_due);
  bool poll_held() const { return poll_held_; }
  void poll_answered() { poll_held_ = false; }

  // A WebSocket with its sid came. False: it may not have one, it has one already or is tried by another.
  bool candidate_came(tick now);
  void candidate_left();
  enum class probe : std::uint8_t {
    answer,    // send `3probe` there; a held poll has to be answered, the client waits for it
    upgraded,  // the WebSocket carries the session from here on
    refuse,    // close the WebSocket; the session stays as it is
  };
  probe take_from_candidate(const engine_packet& given);

  // Whether a namespace is joined; without one for join_within the session ends.
  void set_joined(bool joined, tick now);

  // The server ends it. True: a polling client is to be told by its next GET; false: it can be forgotten at once.
  bool begin_close(tick now);
  bool closing() const { return closing_; }

  // What is due at this moment; to be asked until it says nothing.
  enum class due : std::uint8_t {
    nothing,
    ping,            // send one
    dead,            // no pong in time
    unjoined,        // no namespace in time
    release_poll,    // answer the held poll, with `noop` when nothing is due: the client is upgrading
    drop_candidate,  // close the second WebSocket, which has not upgraded in time
    forget,          // closing, and the client never asked
  };
  due look(tick now);
  // When to look again at the latest.
  tick next_look(tick now) const;

 private:
  const session_times* times_;
  tick pinged_;
  tick since_;  // when it was opened, left its last namespace, or began to close
  tick candidate_since_ = 0;
  carrier carrier_;
  enum class candidate : std::uint8_t { none, open, probed } candidate_ = candidate::none;
  bool ping_waits_ : 1 = false;
  bool poll_held_ : 1 = false;
  bool joined_ : 1 = false;
  bool closing_ : 1 = false;
};

}  // namespace socketio
