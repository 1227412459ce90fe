-- Answers to writes that came with an Idempotency-Key, so that the same write, sent again, is
-- answered alike and not made twice. They are no part of the configuration or of its history, and
-- go after a day.

CREATE TABLE idempotency (
  -- Who wrote, and to what: the same key in another's hands, or on another path, is another.
  principal TEXT NOT NULL,
  method TEXT NOT NULL,
  path TEXT NOT NULL,
  key TEXT NOT NULL,
  -- A hash of the request: one that differs is not the same write.
  digest TEXT NOT NULL,
  status INTEGER NOT NULL,
  -- A JSON object of the header fields by name.
  headers TEXT NOT NULL CHECK (json_valid(headers)),
  body BLOB NOT NULL,
  -- Seconds since 1970, UTC.
  at INTEGER NOT NULL,
  PRIMARY KEY (principal, method, path, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_by_time ON idempotency (at);
