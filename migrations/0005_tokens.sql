-- Who may call the API. Tokens are no part of the configuration or of its history: no trigger
-- records them, and a rollback brings none back.

CREATE TABLE token (
  -- The author of the revisions that its bearer makes.
  name TEXT NOT NULL PRIMARY KEY
    CHECK (length(name) = length(CAST(name AS BLOB)) AND name NOT GLOB '*[^ -~]*'),
  role TEXT NOT NULL CHECK (role IN ('viewer', 'editor', 'admin')),
  -- The SHA-256 of the token, which itself is kept nowhere.
  digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
  -- RFC 3339, UTC, with milliseconds, as are the other times.
  created_at TEXT NOT NULL,
  -- The name of the token that it was made with, 'anonymous' if none was needed, or 'command' if it
  -- was made by the command on the file.
  created_by TEXT NOT NULL,
  -- NULL: never.
  expires_at TEXT,
  -- NULL: it is in force, or has expired.
  revoked_at TEXT
) STRICT, WITHOUT ROWID;
