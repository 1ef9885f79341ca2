// The two stores, as every process of this backend reaches them, and the tables.
import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { Redis } from 'ioredis';
import pg from 'pg';

// Without DATABASE_URL the driver takes libpq's PGHOST, PGPORT, PGUSER and PGDATABASE; PGHOST may be a folder.
export const database = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
database.on('error', (error) => console.error('database:', error.message)); // of an idle connection; the pool opens another

export function redis(options) {
  const where = (process.env.REDIS_URL ?? 'redis://127.0.0.1:6379').replace(/^unix:(\/\/)?/, '');
  const link = new Redis(where, options);
  link.on('error', (error) => console.error('redis:', error.message));
  return link;
}

// What the API publishes and the socket process listens to.
export const channel = 'conversations';
export const sessionKey = (token) => `session:${token}`;

// Cheap on purpose: the accounts are made up. A real server takes the default cost.
const hash = (password, salt) => scryptSync(password, salt, 32, { N: 1024 });

export function passwordMatches(password, { salt, hash: kept }) {
  return timingSafeEqual(hash(password, salt), kept);
}

const tables = `
  CREATE TABLE IF NOT EXISTS account (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text NOT NULL UNIQUE, name text NOT NULL,
    salt bytea NOT NULL, hash bytea NOT NULL);
  CREATE TABLE IF NOT EXISTS conversation (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), low uuid NOT NULL REFERENCES account, high uuid NOT NULL REFERENCES account,
    seq bigserial, created_at timestamptz NOT NULL DEFAULT now(), UNIQUE (low, high), CHECK (low < high));
  CREATE INDEX IF NOT EXISTS conversation_high ON conversation (high);
  CREATE TABLE IF NOT EXISTS message (
    id bigserial PRIMARY KEY, conversation_id uuid NOT NULL REFERENCES conversation, author_id uuid NOT NULL REFERENCES account,
    text text NOT NULL, sent_at timestamptz NOT NULL DEFAULT now());
  CREATE INDEX IF NOT EXISTS message_page ON message (conversation_id, id DESC);`;

// Tables and made-up accounts: member1@chat.example with the password member-1, and so on.
export async function prepare(accounts) {
  await database.query(tables);
  const rows = Array.from({ length: accounts }, (_, n) => ({ n: n + 1, salt: randomBytes(16) }));
  await database.query(
    `INSERT INTO account (email, name, salt, hash)
     SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[]) ON CONFLICT (email) DO NOTHING`,
    [
      rows.map(({ n }) => `member${n}@chat.example`),
      rows.map(({ n }) => `Member ${n}`),
      rows.map(({ salt }) => salt),
      rows.map(({ n, salt }) => hash(`member-${n}`, salt)),
    ],
  );
}
