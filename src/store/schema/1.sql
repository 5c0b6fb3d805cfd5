-- thankd store, schema 1. Times: INTEGER unix seconds UTC. One file = one owner.
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;

-- 1. What was looked at: absence of evidence is only evidence where this says we looked
CREATE TABLE source (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL,
  door TEXT NOT NULL CHECK (door IN ('mail','calendar')),   -- a [[mail]] and a [[calendar]] may share a name
  kind TEXT NOT NULL CHECK (kind IN ('imap','maildir','mbox','eml','ics','caldav','imip','vcard','export','cli')),
  covers_from INTEGER, last_ok_at INTEGER, trouble TEXT, trouble_since INTEGER, alerted_at INTEGER,
  UNIQUE (door, name)) STRICT;
CREATE TABLE folder (
  id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
  path BLOB NOT NULL, role TEXT NOT NULL CHECK (role IN ('inbox','all','archive','sent','trash','junk','other')),
  uidvalidity INTEGER, next_uid INTEGER, backfilled_to INTEGER, covers_from INTEGER, last_ok_at INTEGER,
  trouble TEXT, trouble_since INTEGER,
  UNIQUE (source_id, path)) STRICT;

-- 2. Facts. Only mail that yields a letter gets a row; everything else is a number in tally
CREATE TABLE message (
  id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE,
  message_id TEXT, arrived_at INTEGER NOT NULL,
  arrived_by TEXT NOT NULL CHECK (arrived_by IN ('received','internal','date','unknown')), date_header INTEGER,
  direction TEXT NOT NULL CHECK (direction IN ('in','out')),
  authenticity TEXT NOT NULL CHECK (authenticity IN ('verified','unverified','forged')), why TEXT NOT NULL,
  reader INTEGER NOT NULL, recorded_at INTEGER NOT NULL) STRICT;
CREATE TABLE sighting (
  folder_id INTEGER NOT NULL REFERENCES folder ON DELETE CASCADE, uidvalidity INTEGER NOT NULL, uid INTEGER NOT NULL,
  message_id INTEGER NOT NULL REFERENCES message ON DELETE CASCADE, gone_at INTEGER,
  PRIMARY KEY (folder_id, uidvalidity, uid)) STRICT, WITHOUT ROWID;
CREATE INDEX sighting_message ON sighting(message_id);
-- at = the commit that counted them, so that a digest counts exactly what came since the last one
CREATE TABLE tally (at INTEGER NOT NULL, source_id INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
  outcome TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (at, source_id, outcome)) STRICT, WITHOUT ROWID;

CREATE TABLE mention (
  id INTEGER PRIMARY KEY AUTOINCREMENT, seen TEXT NOT NULL, name TEXT, address TEXT, profile TEXT,
  headline TEXT, organisation TEXT, seen_at INTEGER NOT NULL, trusted INTEGER NOT NULL,
  CHECK (name IS NOT NULL OR address IS NOT NULL OR profile IS NOT NULL)) STRICT;
CREATE INDEX mention_address ON mention(address);
CREATE INDEX mention_profile ON mention(profile);

CREATE TABLE letter (
  id INTEGER PRIMARY KEY, message_id INTEGER NOT NULL REFERENCES message ON DELETE CASCADE, ordinal INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('request','follow','note','application','network_message','accepted','apology')),
  mention_id INTEGER REFERENCES mention, network TEXT, external_id TEXT, asked_at INTEGER,
  measures TEXT NOT NULL,  -- JSON of the letter without names or text
  quote TEXT,              -- <= 200 characters; NULL once the digest that shows it was delivered
  UNIQUE (message_id, ordinal)) STRICT;
CREATE INDEX letter_mention ON letter(mention_id);
CREATE TABLE meeting (
  id INTEGER PRIMARY KEY AUTOINCREMENT, source_id INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
  uid TEXT NOT NULL, recurrence INTEGER NOT NULL, sequence INTEGER NOT NULL DEFAULT 0,
  starts_at INTEGER NOT NULL, ends_at INTEGER NOT NULL, zone TEXT,
  title TEXT, signals TEXT NOT NULL,
  cancelled_at INTEGER, last_seen_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,
  UNIQUE (source_id, uid, recurrence)) STRICT;
CREATE TABLE participant (meeting_id INTEGER NOT NULL REFERENCES meeting ON DELETE CASCADE,
  mention_id INTEGER NOT NULL REFERENCES mention, found_in TEXT NOT NULL, response TEXT,
  PRIMARY KEY (meeting_id, mention_id)) STRICT, WITHOUT ROWID;
CREATE INDEX participant_mention ON participant(mention_id);
CREATE TABLE acquaintance (
  id INTEGER PRIMARY KEY, mention_id INTEGER NOT NULL REFERENCES mention,
  kind TEXT NOT NULL CHECK (kind IN ('correspondence','address_book','connection','colleague')),
  exchanges INTEGER, first_at INTEGER, last_at INTEGER, as_of INTEGER NOT NULL,
  source_id INTEGER REFERENCES source ON DELETE CASCADE,  -- the account that was asked
  asked_at INTEGER,                                       -- as_of moves only with the answer
  UNIQUE (mention_id, kind, source_id)) STRICT;

-- 3. The owner's word
CREATE TABLE telling (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, via TEXT NOT NULL CHECK (via IN ('cli','mail')),
  digest_id INTEGER, reply_key BLOB, line_no INTEGER,
  verb TEXT NOT NULL, about_mention INTEGER REFERENCES mention, other_mention INTEGER REFERENCES mention,
  about_item INTEGER, argument TEXT,
  undone_by INTEGER REFERENCES telling, undone_at INTEGER, UNIQUE (reply_key, line_no)) STRICT;

-- 4. What was said
CREATE TABLE item (
  id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('request','thanks')), subject TEXT NOT NULL UNIQUE,
  born_at INTEGER NOT NULL, last_event_at INTEGER NOT NULL, closed_at INTEGER, closed_why TEXT) STRICT;
CREATE TABLE digest (
  id INTEGER PRIMARY KEY, local_day TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('daily','alert','quiet')),
  composed_at INTEGER NOT NULL, message_id TEXT NOT NULL UNIQUE, found_message_id TEXT,
  state TEXT NOT NULL CHECK (state IN ('composed','sending','accepted','unknown','found','abandoned')),
  attempts INTEGER NOT NULL DEFAULT 0,
  doubts INTEGER NOT NULL DEFAULT 0,  -- sends of which nobody knows how they ended
  tried_at INTEGER, note TEXT, body BLOB, others BLOB, UNIQUE (local_day, kind)) STRICT;
CREATE TABLE said (
  item_id INTEGER NOT NULL REFERENCES item ON DELETE CASCADE, digest_id INTEGER REFERENCES digest, at INTEGER NOT NULL,
  face TEXT NOT NULL,
  cause TEXT NOT NULL CHECK (cause IN ('fact','time','telling','policy','reader','backlog')),
  shown INTEGER NOT NULL, asked INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (item_id, at)) STRICT, WITHOUT ROWID;

-- 5. Forgetting
CREATE TABLE forgotten (key BLOB PRIMARY KEY, until INTEGER) STRICT, WITHOUT ROWID;
