-- What proxies report. It is observed, not wanted: no part of any revision, no trigger records it,
-- and a rollback brings nothing of it back. Chancery writes it; others only read it.

CREATE TABLE proxy (
  -- Its node id.
  id TEXT NOT NULL PRIMARY KEY,
  fleet TEXT NOT NULL,
  version TEXT NOT NULL,
  region TEXT NOT NULL,
  zone TEXT NOT NULL,
  sub_zone TEXT NOT NULL,
  -- RFC 3339, UTC, with milliseconds; the latter within some minutes while it is connected.
  first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL,
  -- The newest revision that it is known to have had in full.
  applied INTEGER,
  -- The newest revision that it acked, by type of resource: a JSON object of numbers.
  acked TEXT NOT NULL
    CHECK (CASE WHEN json_valid(acked) THEN json_type(acked) = 'object' ELSE 0 END)
) STRICT, WITHOUT ROWID;

-- Responses that a proxy refused.
CREATE TABLE rejection (
  proxy TEXT NOT NULL REFERENCES proxy (id) ON DELETE CASCADE,
  type TEXT NOT NULL,
  -- The revision of the response. What it refused may have come with any after `since`.
  revision INTEGER NOT NULL,
  since INTEGER NOT NULL,
  -- The resources that the response carried or removed: a JSON array of texts.
  names TEXT NOT NULL
    CHECK (CASE WHEN json_valid(names) THEN json_type(names) = 'array' ELSE 0 END),
  -- In the proxy's words.
  message TEXT NOT NULL,
  -- RFC 3339, UTC, with milliseconds.
  at TEXT NOT NULL,
  PRIMARY KEY (proxy, type, revision)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER proxy_forgotten AFTER DELETE ON proxy
BEGIN
  -- The shell enforces no foreign keys.
  DELETE FROM rejection WHERE proxy = OLD.id;
END;
