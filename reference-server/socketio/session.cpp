#include "reference-server/socketio/session.hpp"

#include <algorithm>

namespace socketio {

session::session(carrier opened_by, const session_times& times, tick now)
    : times_(&times), pinged_(now), since_(now), carrier_(opened_by) {}

session::meaning session::take(const engine_packet& given) {
  switch (given.type) {
    case packet_type::message:
      return meaning::message;
    case packet_type::pong:
      ping_waits_ = false;
      return meaning::nothing;
    case packet_type::close:
      return meaning::end;
    case packet_type::ping:  // the server's to send, since version 4
      return meaning::fault;
    case packet_type::open:
    case packet_type::upgrade:
    case packet_type::noop:
      return meaning::nothing;
  }
  return meaning::fault;
}

session::poll session::poll_came(bool something_due) {
  if (carrier_ == carrier::websocket) return poll::refuse;
  if (poll_held_) return poll::duplicate;
  if (something_due || closing_) return poll::answer;
  poll_held_ = true;
  return poll::hold;
}

bool session::candidate_came(tick now) {
  if (carrier_ == carrier::websocket || candidate_ != candidate::none || closing_) return false;
  candidate_ = candidate::open;
  candidate_since_ = now;
  return true;
}

void session::candidate_left() {
  candidate_ = candidate::none;
}

session::probe session::take_from_candidate(const engine_packet& given) {
  if (given.type == packet_type::ping && given.data == "probe" && candidate_ == candidate::open) {
    candidate_ = candidate::probed;
    return probe::answer;
  }
  if (given.type == packet_type::upgrade && candidate_ == candidate::probed && !closing_) {
    candidate_ = candidate::none;
    carrier_ = carrier::websocket;
    ping_waits_ = false;  // its pong may have gone with the polling
    return probe::upgraded;
  }
  return probe::refuse;
}

void session::set_joined(bool joined, tick now) {
  joined_ = joined;
  since_ = now;
}

bool session::begin_close(tick now) {
  closing_ = true;
  since_ = now;
  return carrier_ == carrier::polling;
}

session::due session::look(tick now) {
  if (closing_) return now - since_ >= times_->fetch_within ? due::forget : due::nothing;
  if (ping_waits_ && now - pinged_ >= times_->ping_timeout) return due::dead;
  if (!joined_ && times_->join_within > 0 && now - since_ >= times_->join_within) return due::unjoined;
  if (candidate_ != candidate::none && now - candidate_since_ >= times_->upgrade_within) {
    candidate_ = candidate::none;
    return due::drop_candidate;
  }
  if (candidate_ == candidate::probed && poll_held_) return due::release_poll;
  if (!ping_waits_ && now - pinged_ >= times_->ping_interval) {
    pinged_ = now;
    ping_waits_ = true;
    return due::ping;
  }
  return due::nothing;
}

tick session::next_look(tick now) const {
  if (closing_) return since_ + times_->fetch_within;
  tick next = pinged_ + (ping_waits_ ? times_->ping_timeout : times_->ping_interval);
  if (!joined_ && times_->join_within > 0) next = std::min(next, since_ + times_->join_within);
  if (candidate_ != candidate::none) next = std::min(next, candidate_since_ + times_->upgrade_within);
  if (candidate_ == candidate::probed && poll_held_) next = std::min(next, now + 1);
  return next;
}

}  // namespace socketio
