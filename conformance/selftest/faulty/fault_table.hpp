// The faults that rollcall-faulty can carry, as data: one enumerator and one row each, in the same order. Pure data, no
// owner, any thread. A fault is one plausible change in one place of a chat backend (`where` names the file that holds
// the change); `caught_by` is the requirement that is expected to turn red first.
// To add a fault: an enumerator, a row, and one `if (faults.strikes(Fault::…))` in the place that is changed.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace faulty {

enum class Fault : std::size_t {
  broadcast,
  replay_on_connect,
  duplicate,
  lose_delivery,
  membership_unchecked,
  expired_token_accepted,
  deliver_nothing,
  publish_before_commit,
  client_frame_inserts,
  reorder,
  misroute,
  corrupt,
  replay_late,
  post_membership_unchecked,
  sender_from_body,
  chat_listed_for_creator_only,
  foreign_chats_listed,
  trim_body,
  page_boundary_repeats,
  echo_to_sender,
  last_socket_only,
  socket_unauthenticated_gets_frames,
  query_user_trusted,
  no_token_empty_list,
  chat_answer_without_id,
  chat_list_cached,
  chat_list_other_ids,
  insert_before_validation,
  history_unordered,
  body_escaped_twice,
  publish_then_refuse,
  membership_cached_at_connect,
  batch_reversed,
  replay_on_second_connect,
  history_in_hello,
  unacked_resent,
  stale_history,
  late_registration,
  late_close_detaches_new,
  aborted_socket_swallows,
  handler_per_reconnect,
  fan_out_to_contacts,
  client_frame_relayed,
  odd_chat_id_breaks,
};

struct FaultRow {
  Fault fault;
  std::string_view name;
  std::string_view where;
  std::string_view caught_by;
  std::string_view sentence;
};

inline constexpr std::array fault_table{
    FaultRow{Fault::broadcast, "broadcast", "router", "ISO-01", "a frame goes to every socket, not to its recipient's"},
    FaultRow{Fault::replay_on_connect, "replay_on_connect", "mailbox", "OFF-02",
             "what a user missed while away is kept and flushed when a socket opens"},
    FaultRow{Fault::duplicate, "duplicate", "publish_queue", "RT-02", "a message is published twice"},
    FaultRow{Fault::lose_delivery, "lose_delivery", "publish_queue", "RT-01", "the publish queue drops a message"},
    FaultRow{Fault::membership_unchecked, "membership_unchecked", "store", "AUTH-04",
             "the history of a chat is readable by users who are not in it"},
    FaultRow{Fault::expired_token_accepted, "expired_token_accepted", "token", "AUTH-02",
             "the expiry of a token is never looked at"},
    FaultRow{Fault::deliver_nothing, "deliver_nothing", "router", "RT-01", "the router finds nobody, ever"},
    FaultRow{Fault::publish_before_commit, "publish_before_commit", "commit_queue", "RT-06",
             "a message is published when it is inserted, before the commit"},
    FaultRow{Fault::client_frame_inserts, "client_frame_inserts", "socket_session", "SOCK-03",
             "a message that a client writes to its socket is stored and delivered"},
    FaultRow{Fault::reorder, "reorder", "publish_queue", "RT-03",
             "a message is overtaken by the next one of its chat to the same recipient"},
    FaultRow{Fault::misroute, "misroute", "router", "ISO-01",
             "the look-up of a recipient runs one entry too far and reaches the next user too"},
    FaultRow{Fault::corrupt, "corrupt", "router", "RT-05", "one character of the body is overwritten in the frame"},
    FaultRow{Fault::replay_late, "replay_late", "mailbox", "OFF-03",
             "a message stays in an outbox and is sent again on a later socket, a while after it opened"},
    FaultRow{Fault::post_membership_unchecked, "post_membership_unchecked", "store", "AUTH-05",
             "a user who is not in a chat can post into it"},
    FaultRow{Fault::sender_from_body, "sender_from_body", "rest", "MSG-05",
             "the sender is taken from the request when it names one"},
    FaultRow{Fault::chat_listed_for_creator_only, "chat_listed_for_creator_only", "store", "CHAT-03",
             "a new chat enters only its creator's list"},
    FaultRow{Fault::foreign_chats_listed, "foreign_chats_listed", "store", "CHAT-04",
             "the list of chats is not filtered by participant"},
    FaultRow{Fault::trim_body, "trim_body", "commit_queue", "MSG-04", "spaces at both ends of a body are cut off"},
    FaultRow{Fault::page_boundary_repeats, "page_boundary_repeats", "store", "PAGE-02",
             "a page begins with the row that the cursor names, not after it"},
    FaultRow{Fault::echo_to_sender, "echo_to_sender", "router", "RT-09",
             "the sender's own sockets get the message too"},
    FaultRow{Fault::last_socket_only, "last_socket_only", "router", "DEV-01",
             "a user's new socket takes the place of the one before"},
    FaultRow{Fault::socket_unauthenticated_gets_frames, "socket_unauthenticated_gets_frames", "socket_session",
             "AUTH-09", "a socket without a valid token is let in, sees frames, and is closed a second later"},
    FaultRow{Fault::query_user_trusted, "query_user_trusted", "upgrade", "AUTH-10",
             "the socket's user is taken from ?user= or ?user_id= when the address has one"},
    FaultRow{Fault::no_token_empty_list, "no_token_empty_list", "rest", "AUTH-01",
             "a listing without a token is an empty list, not an error"},
    FaultRow{Fault::chat_answer_without_id, "chat_answer_without_id", "rest", "CHAT-01",
             "creating a chat is answered without its id"},
    FaultRow{Fault::chat_list_cached, "chat_list_cached", "rest", "CHAT-02",
             "the list of chats is cached for two seconds"},
    FaultRow{Fault::chat_list_other_ids, "chat_list_other_ids", "rest", "CHAT-05",
             "the list of chats shows another form of the ids"},
    FaultRow{Fault::insert_before_validation, "insert_before_validation", "rest", "MSG-13",
             "a message is stored first and validated afterwards"},
    FaultRow{Fault::history_unordered, "history_unordered", "rest", "PAGE-01", "the rows of a page come in any order"},
    FaultRow{Fault::body_escaped_twice, "body_escaped_twice", "router", "RT-05",
             "the text in a frame is escaped once too often"},
    FaultRow{Fault::publish_then_refuse, "publish_then_refuse", "rest", "RT-07",
             "a message is published, then validated and refused"},
    FaultRow{Fault::membership_cached_at_connect, "membership_cached_at_connect", "router", "RT-12",
             "a socket gets the chats that its user had when it opened"},
    FaultRow{Fault::batch_reversed, "batch_reversed", "commit_queue", "RT-15",
             "messages that are committed together are published last first"},
    FaultRow{Fault::replay_on_second_connect, "replay_on_second_connect", "mailbox", "OFF-03",
             "what a user missed is flushed on the second connection after it"},
    FaultRow{Fault::history_in_hello, "history_in_hello", "router", "OFF-04",
             "a new socket is greeted with the last twenty messages"},
    FaultRow{Fault::unacked_resent, "unacked_resent", "router", "OFF-05",
             "the last frame of a socket that ended is sent again on the next one"},
    FaultRow{Fault::stale_history, "stale_history", "store", "OFF-07",
             "the first read after connecting shows what the read before it had cached"},
    FaultRow{Fault::late_registration, "late_registration", "socket_session", "LIFE-01",
             "a socket is registered a while after it said ready"},
    FaultRow{Fault::late_close_detaches_new, "late_close_detaches_new", "socket_session", "LIFE-02",
             "the late clean-up of a closed socket forgets all sockets of its user"},
    FaultRow{Fault::aborted_socket_swallows, "aborted_socket_swallows", "router", "LIFE-03",
             "a socket that broke stays registered, and the next one is not"},
    FaultRow{Fault::handler_per_reconnect, "handler_per_reconnect", "router", "LIFE-04",
             "each connection of a user adds a handler that is never removed"},
    FaultRow{Fault::fan_out_to_contacts, "fan_out_to_contacts", "router", "ISO-02",
             "a frame goes to all whom its sender has written with"},
    FaultRow{Fault::client_frame_relayed, "client_frame_relayed", "socket_session", "SOCK-03",
             "what a client writes to its socket is passed on without being stored"},
    FaultRow{Fault::odd_chat_id_breaks, "odd_chat_id_breaks", "rest", "VAL-13",
             "a chat's id that is no number goes to the store as it came, which breaks"},
};

consteval bool in_order() {
  for (std::size_t i = 0; i < fault_table.size(); ++i)
    if (fault_table[i].fault != static_cast<Fault>(i)) return false;
  return true;
}
static_assert(in_order(), "the rows of fault_table follow the enumerators");

}  // namespace faulty
