#include "reference-server/schema/schema.hpp"

namespace schema {

// - Ids come from sequences with CACHE 1: a cached range would let a session hand out ids below those already read.
// - `message` has no foreign key: chats are never deleted, every insert joins `chat`, and the key's row lock on one
// chat
//   would be taken for every message of it.
// - The key of `message` is (chat_id, id): one index serves history, the single message and uniqueness; ids are unique
//   over all chats because they come from one sequence.
// - Participants sort by bytes (COLLATE "C"), as the server sorts them.
const char* const create_or_check = R"sql(
DO $rollcall$
DECLARE
  found text;
BEGIN
  PERFORM pg_advisory_xact_lock(-2);
  IF to_regclass('message') IS NULL THEN
    CREATE SEQUENCE chat_id_seq AS bigint MAXVALUE 9007199254740991 CACHE 1;
    CREATE TABLE chat (
      id bigint PRIMARY KEY,
      low text COLLATE "C" NOT NULL,
      high text COLLATE "C" NOT NULL,
      created_at timestamptz NOT NULL,
      CHECK (low < high),
      UNIQUE (low, high)
    );
    CREATE INDEX chat_low_id ON chat (low, id);
    CREATE INDEX chat_high_id ON chat (high, id);
    CREATE SEQUENCE message_id_seq AS bigint MAXVALUE 9007199254740991 CACHE 1;
    CREATE TABLE message (
      id bigint NOT NULL,
      chat_id bigint NOT NULL,
      sender text COLLATE "C" NOT NULL,
      body text NOT NULL,
      key text COLLATE "C",
      created_at timestamptz NOT NULL,
      PRIMARY KEY (chat_id, id)
    );
    CREATE UNIQUE INDEX message_key ON message (chat_id, sender, key) WHERE key IS NOT NULL;
    COMMENT ON TABLE message IS 'rollcall schema 1';
  ELSE
    found := obj_description(to_regclass('message'), 'pg_class');
    IF found IS DISTINCT FROM 'rollcall schema 1' THEN
      RAISE EXCEPTION USING ERRCODE = 'RC001', MESSAGE =
        format('the table "message" is marked %L; this program knows "rollcall schema 1" only', found);
    END IF;
  END IF;
END
$rollcall$)sql";

}  // namespace schema
