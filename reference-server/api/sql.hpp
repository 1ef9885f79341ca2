// Every statement the api runs, by its prepared name. Constants.
//
// pg_try_advisory_lock and its kin are called without a schema: they resolve through the session's search_path.
#pragma once

#include "reference-server/api/postgres_group.hpp"

namespace api::sql {

// The writer's batch, in this order (see the folder's README, "Order"). Its session plans without nested loops, because
// the planner takes every unnest for ten rows: joins hash, and what has to go row by row through an index is LATERAL.

inline constexpr prepared unlock_all{"unlock_all", "SELECT pg_advisory_unlock_all()"};

// $1: chats refused in the batch before, ascending.
inline constexpr prepared wait_for_locks{"wait_for_locks", "SELECT pg_advisory_lock(c) FROM unnest($1::bigint[]) c"};

// $1: all other chats; $2: those of wait_for_locks. What was had stays in a setting for the statements behind it.
inline constexpr prepared try_locks{
    "try_locks",
    "SELECT set_config('rollcall.got', (coalesce(array_agg(c), '{}') || $2::bigint[])::text, false)"
    " FROM unnest($1::bigint[]) c WHERE pg_try_advisory_lock(c)"};

// $1 chats, $2 senders, $3 bodies, $4 keys, row by row. Gives for each row that was stored: its place (from 1), id,
// time, and the recipient. Ids and times are taken in the rows' order, which the sub-select's ORDER BY fixes.
inline constexpr prepared insert_messages{"insert_messages", R"sql(
WITH src AS MATERIALIZED (
  SELECT nextval('message_id_seq') AS id, clock_timestamp() AS at, o, chat_id, sender, body, key, recipient
  FROM (SELECT r.o, r.c AS chat_id, r.s AS sender, r.b AS body, r.k AS key,
               CASE WHEN chat.low = r.s THEN chat.high ELSE chat.low END AS recipient
        FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS r(c, s, b, k, o)
        JOIN chat ON chat.id = r.c AND r.s IN (chat.low, chat.high)
        WHERE chat.id = ANY (current_setting('rollcall.got')::bigint[])
        ORDER BY r.o) AS asked
), ins AS (
  INSERT INTO message (id, chat_id, sender, body, key, created_at)
  SELECT id, chat_id, sender, body, key, at FROM src ORDER BY o
  ON CONFLICT DO NOTHING
  RETURNING id, created_at
)
SELECT o, id, ins.created_at, recipient FROM ins JOIN src USING (id) ORDER BY o)sql"};

// $1 chats, $2 senders, $3 keys (null: none), row by row. Gives for each row whose key is taken: its place, then the
// message that has it.
inline constexpr prepared find_keys{"find_keys", R"sql(
SELECT r.o, m.id, m.created_at, m.recipient, m.body
FROM unnest($1::bigint[], $2::text[], $3::text[]) WITH ORDINALITY AS r(c, s, k, o)
CROSS JOIN LATERAL (
  SELECT id, body, message.created_at, CASE WHEN low = sender THEN high ELSE low END AS recipient
  FROM message CROSS JOIN LATERAL (SELECT low, high FROM chat WHERE chat.id = message.chat_id LIMIT 1) AS members
  WHERE chat_id = r.c AND sender = r.s AND key = r.k LIMIT 1) AS m
ORDER BY r.o)sql"};

// Chat creation, one transaction: the order of chat ids is the order of their commits.

inline constexpr prepared lock_chat_creation{"lock_chat_creation", "SELECT pg_advisory_xact_lock(-1)"};

// $1 low, $2 high. Gives a row only when the chat is new.
inline constexpr prepared insert_chat{
    "insert_chat",
    "INSERT INTO chat (id, low, high, created_at) SELECT nextval('chat_id_seq'), $1::text, $2::text, clock_timestamp()"
    " WHERE NOT EXISTS (SELECT FROM chat WHERE low = $1::text AND high = $2::text)"
    " ON CONFLICT DO NOTHING RETURNING id"};

inline constexpr prepared find_pair{"find_pair",
                                    "SELECT id, low, high, created_at FROM chat WHERE low = $1 AND high = $2"};

// Reading. Where users count, $1 is who asks.

// $2 after, $3 how many.
inline constexpr prepared list_chats{"list_chats", R"sql(
SELECT id, low, high, created_at FROM (
  (SELECT * FROM chat WHERE low = $1::text AND id > $2::bigint ORDER BY id LIMIT $3::bigint)
  UNION ALL
  (SELECT * FROM chat WHERE high = $1::text AND id > $2::bigint ORDER BY id LIMIT $3::bigint)) AS own
ORDER BY id LIMIT $3::bigint)sql"};

// $2 chat.
inline constexpr prepared one_chat{"one_chat",
                                   "SELECT id, low, high, created_at FROM chat"
                                   " WHERE id = $2::bigint AND $1::text IN (low, high)"};

// Messages of a chat: what they give counts only for its members, whom known_chats or a row of one_chat tells, which
// then goes before them in the same group. So PostgreSQL need not look at the chat again for each row. $1 chat.

// $2 after, $3 how many.
inline constexpr prepared history_after{"history_after",
                                        "SELECT id, sender, body, created_at FROM message"
                                        " WHERE chat_id = $1 AND id > $2 ORDER BY id LIMIT $3"};

// $2 before, $3 how many; newest first.
inline constexpr prepared history_before{"history_before",
                                         "SELECT id, sender, body, created_at FROM message"
                                         " WHERE chat_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"};

// $2 message.
inline constexpr prepared one_message{"one_message",
                                      "SELECT id, sender, body, created_at FROM message"
                                      " WHERE chat_id = $1 AND id = $2"};

}  // namespace api::sql
