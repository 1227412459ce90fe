-- Instances that registered themselves as endpoints of a service. They are observed, not wanted: no
-- part of any revision, no trigger records them, and a rollback brings nothing of them back.
-- Chancery writes them, and reads them when it starts; others only read them.

CREATE TABLE registration (
  service TEXT NOT NULL REFERENCES service (name) ON DELETE CASCADE,
  -- ADDRESS:PORT, an IPv6 address in brackets.
  id TEXT NOT NULL
    CHECK (length(id) = length(CAST(id AS BLOB)) AND id NOT GLOB '*[^ -~]*'),
  -- All other fields of the endpoint.
  spec TEXT NOT NULL
    CHECK (CASE WHEN json_valid(spec) THEN json_type(spec) = 'object' ELSE 0 END),
  -- For how many milliseconds it lives without being renewed. When it was renewed last is not here:
  -- after a restart it has all of them again.
  ttl INTEGER NOT NULL CHECK (ttl > 0),
  PRIMARY KEY (service, id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER service_deleted_registrations AFTER DELETE ON service
BEGIN
  -- The shell enforces no foreign keys.
  DELETE FROM registration WHERE service = OLD.name;
END;
