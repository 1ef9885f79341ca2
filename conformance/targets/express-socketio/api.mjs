// The REST side. Run by start.mjs, once.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import express from 'express';
import { channel, database, passwordMatches, redis, sessionKey } from './store.mjs';
import { serve } from './serve.mjs';

const sessions = redis();
// A publish that cannot go out now must not go out later: by then its recipient may have read it in the history.
const publisher = redis({ enableOfflineQueue: false, autoResendUnfulfilledCommands: false });
const pageSize = 30;
const newest = '999999999999999999'; // larger than any id

class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    Object.assign(this, { status, code });
  }
}
const invalid = (message) => new Refusal(422, 'validation_failed', message);

const isText = (value) => typeof value === 'string' && !value.includes('\0'); // PostgreSQL knows no NUL

const app = express();
app.disable('x-powered-by');
app.use(express.json());
app.use((req, res, next) => {
  req.body ??= {}; // of another media type, or of none
  next();
});

app.post('/v2/auth/login', async (req, res) => {
  const { email, password } = req.body;
  if (!isText(email) || !isText(password)) throw invalid('email and password are needed');
  const { rows: [account] } = await database.query('SELECT * FROM account WHERE email = lower($1)', [email]);
  if (!account || !passwordMatches(password, account)) throw new Refusal(401, 'bad_credentials', 'no such account');
  const token = randomBytes(32).toString('base64url');
  await sessions.set(sessionKey(token), account.id, 'EX', 86400);
  res.json({ accessToken: token, expiresIn: 86400, user: { id: account.id, name: account.name } });
});

app.use('/v2', async (req, res, next) => {
  const [, token] = /^Bearer (\S+)$/.exec(req.get('authorization') ?? '') ?? [];
  req.me = token && (await sessions.get(sessionKey(token)));
  if (!req.me) throw new Refusal(401, 'unauthenticated', 'log in first');
  next();
});

const shown = (row, me) => ({
  id: row.id,
  members: [row.low, row.high],
  with: row.low === me ? row.high : row.low,
  createdAt: row.created_at,
});

app.post('/v2/conversations', async (req, res) => {
  const { email } = req.body;
  if (!isText(email)) throw invalid('email: whom do you want to write to?');
  const { rows: [peer] } = await database.query('SELECT id FROM account WHERE email = lower($1)', [email]);
  if (!peer) throw new Refusal(404, 'no_such_account', 'nobody here has this address');
  if (peer.id === req.me) throw invalid('email: this is you');
  const pair = [req.me, peer.id].sort();
  const made = await database.query(
    'INSERT INTO conversation (low, high) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING *', pair);
  const { rows: [row] } = made.rowCount ? made : await database.query(
    'SELECT * FROM conversation WHERE low = $1 AND high = $2', pair);
  res.status(made.rowCount ? 201 : 200).json({ conversation: shown(row, req.me) });
});

app.get('/v2/conversations', async (req, res) => {
  const cursor = req.query.cursor ?? newest;
  if (!/^\d{1,18}$/.test(cursor)) throw invalid('cursor: not one of ours');
  const { rows } = await database.query(
    'SELECT * FROM conversation WHERE (low = $1 OR high = $1) AND seq < $2 ORDER BY seq DESC LIMIT $3',
    [req.me, cursor, pageSize]);
  res.json({
    conversations: rows.map((row) => shown(row, req.me)),
    nextCursor: rows.length === pageSize ? rows.at(-1).seq : null,
  });
});

app.param('conversation', async (req, res, next, id) => {
  const known = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id) && await database.query(
    'SELECT * FROM conversation WHERE id = $1', [id]);
  if (!known || !known.rowCount) throw new Refusal(404, 'no_such_conversation', 'no such conversation');
  [req.conversation] = known.rows;
  if (![req.conversation.low, req.conversation.high].includes(req.me)) throw new Refusal(403, 'forbidden', 'not yours');
  next();
});

const message = (row) => ({
  id: row.id, // a bigint, which the driver hands out as text
  conversationId: row.conversation_id,
  author: { id: row.author_id },
  text: row.text,
  sentAt: row.sent_at,
});

// One after another within a conversation, so that what is published comes in the order of the ids. There is one API
// process; with several this would have to be a lock in the database.
const turns = new Map();
async function inTurn(conversation, work) {
  const mine = (turns.get(conversation) ?? Promise.resolve()).then(work);
  const settled = mine.catch(() => {});
  turns.set(conversation, settled);
  try {
    return await mine;
  } finally {
    if (turns.get(conversation) === settled) turns.delete(conversation);
  }
}

app.post('/v2/conversations/:conversation/messages', async (req, res) => {
  const { text } = req.body;
  if (!isText(text) || !text.trim()) throw invalid('text: nothing to say');
  if (text.length > 5000) throw invalid('text: too long');
  const { id, low, high } = req.conversation;
  const sent = await inTurn(id, async () => {
    const { rows } = await database.query(
      'INSERT INTO message (conversation_id, author_id, text) VALUES ($1, $2, $3) RETURNING *', [id, req.me, text]);
    const said = message(rows[0]); // and committed: a statement by itself is a transaction
    await publisher.publish(channel, JSON.stringify({ to: [low, high], message: said }))
      .catch((error) => console.error('not published:', said.id, error.message));
    return said;
  });
  res.status(201).location(`/v2/conversations/${id}/messages/${sent.id}`).json({ message: sent });
});

app.get('/v2/conversations/:conversation/messages', async (req, res) => {
  const before = req.query.before ?? newest;
  const limit = req.query.limit ?? String(pageSize);
  if (!/^\d{1,18}$/.test(before) || !/^\d{1,3}$/.test(limit)) throw invalid('before, limit: numbers, please');
  const { rows } = await database.query(
    'SELECT * FROM message WHERE conversation_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3',
    [req.conversation.id, before, Math.max(1, Math.min(100, Number(limit)))]);
  res.json({ messages: rows.map(message) });
});

app.use((req, res, next) => next(new Refusal(404, 'not_found', 'no such place')));
app.use((error, req, res, next) => {
  if (res.headersSent) return next(error);
  const { status = 500, code = error.type, message } = error; // type: what express.json calls it
  if (status < 500) return res.status(status).json({ error: { code, message } });
  console.error(error);
  res.status(500).json({ error: { code: 'internal', message: 'our fault' } });
});

await once(publisher, 'ready');
serve(app, process.env.API_PORT, async () => {
  await database.end();
  sessions.disconnect();
  publisher.disconnect();
});
