"""The tables of ``runs.sqlite``.

Times by the injected clock are ISO 8601 text; times that a deadline or settle window is measured
by are machine seconds (``time.time``) and end in ``_s``. JSON columns hold masked values only.
"""

from __future__ import annotations

VERSION = 2

STEPS_UP = {
    1: ("ALTER TABLE router_runs ADD COLUMN looks TEXT",),
}
"""What brings a store of a version to the next one; a program of that version goes on with it."""

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  wanted TEXT NOT NULL DEFAULT 'run',          -- run | pause | cancel: what the operator asked for
  reason TEXT NOT NULL DEFAULT '',
  plan_hash TEXT NOT NULL,
  plan_file TEXT NOT NULL,
  plan_bytes TEXT NOT NULL,                    -- SHA-256 of the file when the run was made
  inventory TEXT NOT NULL,
  options TEXT NOT NULL,
  clock TEXT,                                  -- the lab's clock, null: the machine's
  joined INTEGER NOT NULL DEFAULT 0,           -- another process is asked to carry it out
  failures_forgiven INTEGER NOT NULL DEFAULT 0,
  created TEXT NOT NULL,
  ended TEXT
);

CREATE TABLE router_runs (
  run TEXT NOT NULL REFERENCES runs(id),
  router TEXT NOT NULL,
  position INTEGER NOT NULL,
  wave INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  error_code TEXT,
  current_step TEXT,
  turn INTEGER NOT NULL DEFAULT 0,             -- number of the workflow that may act on it
  parked INTEGER NOT NULL DEFAULT 0,           -- no workflow stands for it
  wake INTEGER NOT NULL DEFAULT 0,             -- a new workflow is asked for
  for_place TEXT,                              -- parked until this place ('site=x') is free
  due_s REAL NOT NULL DEFAULT 0,
  committed INTEGER NOT NULL DEFAULT 0,        -- its disruptive step is behind it
  finish_first INTEGER NOT NULL DEFAULT 0,     -- mid-reload or not committed: no place to pause
  started TEXT,
  ended TEXT,
  plan TEXT NOT NULL,
  findings TEXT,
  after TEXT,
  looks TEXT,                                  -- when and by what each part of `after` was seen
  PRIMARY KEY (run, router)
) WITHOUT ROWID;
CREATE INDEX router_runs_by_state ON router_runs(run, state, wave);

CREATE TABLE steps (
  run TEXT NOT NULL,
  router TEXT NOT NULL,
  position INTEGER NOT NULL,
  step TEXT NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  state TEXT NOT NULL,
  phase TEXT NOT NULL DEFAULT 'probe',         -- what is to be done next: probe | confirm
  started TEXT,
  ended TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,         -- how often the act was begun
  misses INTEGER NOT NULL DEFAULT 0,           -- looks in a row that did not reach the router
  looks INTEGER NOT NULL DEFAULT 0,            -- waits so far, for the pace of the next
  deadline_s REAL,
  watcher TEXT,                                -- the process by whose watch the deadline counts
  changed INTEGER NOT NULL DEFAULT 0,
  detail TEXT NOT NULL DEFAULT '',
  evidence TEXT NOT NULL DEFAULT '[]',
  notes TEXT NOT NULL DEFAULT '{}',
  instructions TEXT,
  place TEXT,
  PRIMARY KEY (run, router, position)
) WITHOUT ROWID;

CREATE TABLE effects (                         -- written and synced before each act
  run TEXT NOT NULL,
  router TEXT NOT NULL,
  step TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  noted TEXT NOT NULL,
  noted_s REAL NOT NULL,
  returned TEXT,                               -- null: nobody knows whether it was sent
  PRIMARY KEY (run, router, step, attempt)
) WITHOUT ROWID;

CREATE TABLE confirmations (
  id INTEGER PRIMARY KEY,
  run TEXT NOT NULL,
  router TEXT NOT NULL,
  step TEXT NOT NULL,
  by TEXT NOT NULL,
  file TEXT,
  at TEXT NOT NULL
);
CREATE INDEX confirmations_by_step ON confirmations(run, router, step);

CREATE TABLE leases (
  kind TEXT NOT NULL,                          -- 'router', or a group such as 'site'
  name TEXT NOT NULL,
  run TEXT NOT NULL,
  router TEXT NOT NULL,
  taken TEXT NOT NULL,
  PRIMARY KEY (kind, name, run, router)
) WITHOUT ROWID;
CREATE INDEX leases_by_holder ON leases(run, router);

CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  run TEXT NOT NULL,
  router TEXT,
  step TEXT,
  state TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT '',
  at TEXT NOT NULL
);
CREATE INDEX events_by_run ON events(run, id);
"""
