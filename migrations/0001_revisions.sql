-- The configuration, and every revision of it.
--
-- Four tables hold the objects as they are now: gateway, service, endpoint and route. Whoever
-- changes them, Chancery or a person with the sqlite3 shell, triggers write what became of each
-- row to the history. A change belongs to the open revision, which is one above the newest; only
-- Chancery closes it, by adding its row to the table revision.
--
-- The guards below keep the history from mistakes, not from an owner of the file who drops them.
-- They rely on no constraint of a table and on no delete trigger: an outer OR REPLACE or OR IGNORE
-- overrides the former, and REPLACE skips the latter.

-- Objects ------------------------------------------------------------------------------------

CREATE TABLE gateway (
  -- Printable ASCII, so that every program reads it alike.
  name TEXT NOT NULL PRIMARY KEY
    CHECK (length(name) = length(CAST(name AS BLOB)) AND name NOT GLOB '*[^ -~]*'),
  spec TEXT NOT NULL
    CHECK (CASE WHEN json_valid(spec) THEN json_type(spec) = 'object' ELSE 0 END)
) STRICT, WITHOUT ROWID;

CREATE TABLE service (
  -- The history joins it and an endpoint's id by a slash.
  name TEXT NOT NULL PRIMARY KEY CHECK (instr(name, '/') = 0)
    CHECK (length(name) = length(CAST(name AS BLOB)) AND name NOT GLOB '*[^ -~]*'),
  spec TEXT NOT NULL
    CHECK (CASE WHEN json_valid(spec) THEN json_type(spec) = 'object' ELSE 0 END)
) STRICT, WITHOUT ROWID;

CREATE TABLE endpoint (
  service TEXT NOT NULL REFERENCES service (name) ON DELETE CASCADE,
  -- ADDRESS:PORT, an IPv6 address in brackets.
  id TEXT NOT NULL
    CHECK (length(id) = length(CAST(id AS BLOB)) AND id NOT GLOB '*[^ -~]*'),
  -- All its other fields.
  spec TEXT NOT NULL DEFAULT '{}'
    CHECK (CASE WHEN json_valid(spec) THEN json_type(spec) = 'object' ELSE 0 END),
  PRIMARY KEY (service, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE route (
  name TEXT NOT NULL PRIMARY KEY
    CHECK (length(name) = length(CAST(name AS BLOB)) AND name NOT GLOB '*[^ -~]*'),
  spec TEXT NOT NULL
    CHECK (CASE WHEN json_valid(spec) THEN json_type(spec) = 'object' ELSE 0 END)
) STRICT, WITHOUT ROWID;

-- Revisions ----------------------------------------------------------------------------------

CREATE TABLE revision (
  number INTEGER NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('change', 'rollback', 'direct', 'repair')),
  author TEXT NOT NULL,
  message TEXT,
  -- RFC 3339, UTC, with milliseconds.
  at TEXT NOT NULL,
  rollback_of INTEGER,
  -- Why a direct revision cannot be served: a JSON array of {pointer, code, detail}.
  faults TEXT CHECK (faults IS NULL OR (kind = 'direct' AND json_valid(faults))),
  -- How many objects it touched, endpoints counted as part of their service.
  added INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  removed INTEGER NOT NULL,
  CHECK ((kind = 'rollback') = (rollback_of IS NOT NULL))
) STRICT;

-- What became of a row in a revision; a null body says that it was deleted. Its state at a later
-- revision is the last one up to there: one seek.
CREATE TABLE history (
  kind TEXT NOT NULL CHECK (kind IN ('gateway', 'service', 'endpoint', 'route')),
  -- For an endpoint: SERVICE/ID.
  name TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  body TEXT,
  PRIMARY KEY (kind, name, valid_from)
) STRICT, WITHOUT ROWID;

CREATE INDEX history_by_revision ON history (valid_from);

CREATE INDEX history_deletions ON history (kind, name, valid_from) WHERE body IS NULL;

-- Every name that the history ever had, so that a whole state is found without reading it all.
CREATE TABLE object (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;

CREATE VIEW open_revision AS
SELECT coalesce(max(number), 0) + 1 AS number FROM revision;

-- The changes of the open revision. Inserting here records one: a row that is again as the newest
-- revision has it leaves no trace.
CREATE VIEW open_change AS
SELECT kind, name, body FROM history WHERE valid_from = (SELECT number FROM open_revision);

CREATE TRIGGER open_change_recorded INSTEAD OF INSERT ON open_change
BEGIN
  DELETE FROM history
  WHERE kind = NEW.kind AND name = NEW.name AND body IS NOT NEW.body
    AND valid_from = (SELECT number FROM open_revision);
  INSERT INTO history (kind, name, valid_from, body)
  SELECT NEW.kind, NEW.name, number, NEW.body FROM open_revision
  WHERE NEW.body IS NOT (
    SELECT body FROM history WHERE kind = NEW.kind AND name = NEW.name
    ORDER BY valid_from DESC LIMIT 1
  );
  INSERT INTO object (kind, name)
  SELECT NEW.kind, NEW.name
  WHERE NOT EXISTS (SELECT 1 FROM object WHERE kind = NEW.kind AND name = NEW.name)
    AND EXISTS (SELECT 1 FROM history WHERE kind = NEW.kind AND name = NEW.name);
END;

-- Recording ----------------------------------------------------------------------------------

CREATE TRIGGER gateway_inserted AFTER INSERT ON gateway
BEGIN
  INSERT INTO open_change VALUES ('gateway', NEW.name, NEW.spec);
END;

CREATE TRIGGER gateway_updated AFTER UPDATE ON gateway WHEN NEW.spec IS NOT OLD.spec
BEGIN
  INSERT INTO open_change VALUES ('gateway', NEW.name, NEW.spec);
END;

CREATE TRIGGER gateway_deleted AFTER DELETE ON gateway
BEGIN
  INSERT INTO open_change VALUES ('gateway', OLD.name, NULL);
END;

CREATE TRIGGER service_inserted AFTER INSERT ON service
BEGIN
  INSERT INTO open_change VALUES ('service', NEW.name, NEW.spec);
END;

CREATE TRIGGER service_updated AFTER UPDATE ON service WHEN NEW.spec IS NOT OLD.spec
BEGIN
  INSERT INTO open_change VALUES ('service', NEW.name, NEW.spec);
END;

CREATE TRIGGER service_deleted AFTER DELETE ON service
BEGIN
  INSERT INTO open_change VALUES ('service', OLD.name, NULL);
  -- The shell enforces no foreign keys.
  DELETE FROM endpoint WHERE service = OLD.name;
END;

CREATE TRIGGER endpoint_inserted AFTER INSERT ON endpoint
BEGIN
  INSERT INTO open_change VALUES ('endpoint', NEW.service || '/' || NEW.id, NEW.spec);
END;

CREATE TRIGGER endpoint_updated AFTER UPDATE ON endpoint WHEN NEW.spec IS NOT OLD.spec
BEGIN
  INSERT INTO open_change VALUES ('endpoint', NEW.service || '/' || NEW.id, NEW.spec);
END;

CREATE TRIGGER endpoint_deleted AFTER DELETE ON endpoint
BEGIN
  INSERT INTO open_change VALUES ('endpoint', OLD.service || '/' || OLD.id, NULL);
END;

CREATE TRIGGER route_inserted AFTER INSERT ON route
BEGIN
  INSERT INTO open_change VALUES ('route', NEW.name, NEW.spec);
END;

CREATE TRIGGER route_updated AFTER UPDATE ON route WHEN NEW.spec IS NOT OLD.spec
BEGIN
  INSERT INTO open_change VALUES ('route', NEW.name, NEW.spec);
END;

CREATE TRIGGER route_deleted AFTER DELETE ON route
BEGIN
  INSERT INTO open_change VALUES ('route', OLD.name, NULL);
END;

-- Guards of the history ----------------------------------------------------------------------

-- The function is known to Chancery's connections only: elsewhere the statement fails by its name.
CREATE TRIGGER revision_sealed BEFORE INSERT ON revision
BEGIN
  SELECT only_chancery_adds_revisions();
  SELECT RAISE(ABORT, 'revisions are numbered without gaps')
  WHERE NEW.number IS NOT (SELECT number FROM open_revision);
END;

CREATE TRIGGER revision_kept BEFORE UPDATE ON revision
BEGIN
  SELECT RAISE(ABORT, 'a revision never changes');
END;

CREATE TRIGGER revision_not_deleted BEFORE DELETE ON revision
BEGIN
  SELECT RAISE(ABORT, 'a revision never goes away');
END;

CREATE TRIGGER history_true BEFORE INSERT ON history
WHEN NEW.valid_from IS NOT (SELECT number FROM open_revision)
  OR NEW.body IS NOT CASE NEW.kind
    WHEN 'gateway' THEN (SELECT spec FROM gateway WHERE name = NEW.name)
    WHEN 'service' THEN (SELECT spec FROM service WHERE name = NEW.name)
    WHEN 'route' THEN (SELECT spec FROM route WHERE name = NEW.name)
    WHEN 'endpoint' THEN (
      SELECT spec FROM endpoint
      WHERE service = substr(NEW.name, 1, instr(NEW.name, '/') - 1)
        AND id = substr(NEW.name, instr(NEW.name, '/') + 1)
    )
  END
  OR NEW.body IS (
    SELECT body FROM history WHERE kind = NEW.kind AND name = NEW.name
    ORDER BY valid_from DESC LIMIT 1
  )
BEGIN
  SELECT RAISE(ABORT, 'the history is written by triggers only: change the objects');
END;

CREATE TRIGGER history_kept BEFORE UPDATE ON history
BEGIN
  SELECT RAISE(ABORT, 'the history never changes');
END;

-- What the open revision says may go if it is no longer true.
CREATE TRIGGER history_not_deleted BEFORE DELETE ON history
WHEN OLD.valid_from IS NOT (SELECT number FROM open_revision)
  OR OLD.body IS CASE OLD.kind
    WHEN 'gateway' THEN (SELECT spec FROM gateway WHERE name = OLD.name)
    WHEN 'service' THEN (SELECT spec FROM service WHERE name = OLD.name)
    WHEN 'route' THEN (SELECT spec FROM route WHERE name = OLD.name)
    WHEN 'endpoint' THEN (
      SELECT spec FROM endpoint
      WHERE service = substr(OLD.name, 1, instr(OLD.name, '/') - 1)
        AND id = substr(OLD.name, instr(OLD.name, '/') + 1)
    )
  END
BEGIN
  SELECT RAISE(ABORT, 'the history never goes away');
END;

CREATE TRIGGER object_known BEFORE INSERT ON object
WHEN NOT EXISTS (SELECT 1 FROM history WHERE kind = NEW.kind AND name = NEW.name)
BEGIN
  SELECT RAISE(ABORT, 'the table object is written by triggers only');
END;

CREATE TRIGGER object_kept BEFORE UPDATE ON object
BEGIN
  SELECT RAISE(ABORT, 'the table object is written by triggers only');
END;

CREATE TRIGGER object_not_deleted BEFORE DELETE ON object
BEGIN
  SELECT RAISE(ABORT, 'the table object is written by triggers only');
END;

-- Names --------------------------------------------------------------------------------------

CREATE TRIGGER gateway_named BEFORE UPDATE ON gateway WHEN NEW.name IS NOT OLD.name
BEGIN
  SELECT RAISE(ABORT, 'a name never changes: insert a new gateway and delete the old one');
END;

CREATE TRIGGER service_named BEFORE UPDATE ON service WHEN NEW.name IS NOT OLD.name
BEGIN
  SELECT RAISE(ABORT, 'a name never changes: insert a new service and delete the old one');
END;

CREATE TRIGGER endpoint_named BEFORE UPDATE ON endpoint
WHEN NEW.service IS NOT OLD.service OR NEW.id IS NOT OLD.id
BEGIN
  SELECT RAISE(ABORT, 'an id never changes: insert a new endpoint and delete the old one');
END;

CREATE TRIGGER route_named BEFORE UPDATE ON route WHEN NEW.name IS NOT OLD.name
BEGIN
  SELECT RAISE(ABORT, 'a name never changes: insert a new route and delete the old one');
END;

-- References ---------------------------------------------------------------------------------

-- What each route refers to, by its spec.
CREATE VIEW route_reference AS
SELECT name AS route, 'service' AS kind, json_extract(spec, '$.service') AS name
FROM route WHERE json_type(spec, '$.service') = 'text'
UNION ALL
SELECT route.name, 'service', json_extract(each.value, '$.service')
FROM route, json_each(route.spec, '$.backends') AS each
WHERE CASE each.type WHEN 'object' THEN json_type(each.value, '$.service') = 'text' END
UNION ALL
SELECT route.name, 'gateway', each.value
FROM route, json_each(route.spec, '$.gateways') AS each
WHERE each.type = 'text';

-- The same by what is referred to. Inserting a route into the view brings it up to date.
CREATE TABLE reference (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  route TEXT NOT NULL,
  PRIMARY KEY (kind, name, route)
) STRICT, WITHOUT ROWID;

CREATE INDEX reference_by_route ON reference (route);

CREATE TRIGGER route_reference_kept INSTEAD OF INSERT ON route_reference
BEGIN
  DELETE FROM reference
  WHERE route = NEW.route
    AND (kind, name) NOT IN (SELECT kind, name FROM route_reference WHERE route = NEW.route);
  INSERT INTO reference (kind, name, route)
  SELECT DISTINCT kind, name, route FROM route_reference AS wanted
  WHERE route = NEW.route AND NOT EXISTS (
    SELECT 1 FROM reference
    WHERE kind = wanted.kind AND name = wanted.name AND route = wanted.route
  );
END;

CREATE TRIGGER route_inserted_refers AFTER INSERT ON route
BEGIN
  INSERT INTO route_reference (route) VALUES (NEW.name);
END;

CREATE TRIGGER route_updated_refers AFTER UPDATE ON route WHEN NEW.spec IS NOT OLD.spec
BEGIN
  INSERT INTO route_reference (route) VALUES (NEW.name);
END;

CREATE TRIGGER route_deleted_refers AFTER DELETE ON route
BEGIN
  DELETE FROM reference WHERE route = OLD.name;
END;

CREATE TRIGGER reference_true BEFORE INSERT ON reference
BEGIN
  SELECT RAISE(ABORT, 'the table reference is written by triggers only')
  WHERE (NEW.kind, NEW.name) NOT IN (
    SELECT kind, name FROM route_reference WHERE route = NEW.route
  );
  SELECT RAISE(ABORT, 'the route refers to a service that does not exist')
  WHERE NEW.kind = 'service' AND NOT EXISTS (SELECT 1 FROM service WHERE name = NEW.name);
  SELECT RAISE(ABORT, 'the route refers to a gateway that does not exist')
  WHERE NEW.kind = 'gateway' AND NOT EXISTS (SELECT 1 FROM gateway WHERE name = NEW.name);
END;

CREATE TRIGGER reference_kept BEFORE UPDATE ON reference
BEGIN
  SELECT RAISE(ABORT, 'the table reference is written by triggers only');
END;

CREATE TRIGGER reference_not_deleted BEFORE DELETE ON reference
WHEN (OLD.kind, OLD.name) IN (SELECT kind, name FROM route_reference WHERE route = OLD.route)
BEGIN
  SELECT RAISE(ABORT, 'the table reference is written by triggers only');
END;

CREATE TRIGGER gateway_referred_to BEFORE DELETE ON gateway
WHEN EXISTS (SELECT 1 FROM reference WHERE kind = 'gateway' AND name = OLD.name)
BEGIN
  SELECT RAISE(ABORT, 'a route still refers to the gateway');
END;

CREATE TRIGGER service_referred_to BEFORE DELETE ON service
WHEN EXISTS (SELECT 1 FROM reference WHERE kind = 'service' AND name = OLD.name)
BEGIN
  SELECT RAISE(ABORT, 'a route still refers to the service');
END;

CREATE TRIGGER endpoint_of_service BEFORE INSERT ON endpoint
WHEN NOT EXISTS (SELECT 1 FROM service WHERE name = NEW.service)
BEGIN
  SELECT RAISE(ABORT, 'the endpoint belongs to a service that does not exist');
END;
