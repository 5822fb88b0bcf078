import GRDB

/// The tables of the history, and the migrations of older files.
///
/// All times are milliseconds since 1970 in UTC. Texts have two storage formats: see `StoredText`.
enum Schema {
    /// Marks the file as runtop's in SQLite's `application_id`: “rtop”.
    static let applicationID = 0x7274_6F70
    /// The newest schema version that this program knows, in SQLite's `user_version`. It rejects higher versions.
    static let version = 2

    /// Never change a released migration. Add a new one, with a dump of the previous schema for the tests.
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(sql: first)
            try database.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = 1")
        }
        migrator.registerMigration("2") { database in
            try database.execute(sql: actions)
            try database.execute(sql: "PRAGMA user_version = 2")
        }
        return migrator
    }()

    /// - `label`: short texts that many rows share: statuses, and the names of jobs and people. They are never deleted,
    ///   so that an id always means the same text.
    /// - `sighting`: separate from `job` because it changes in every cycle: its small rows need few pages.
    /// - `run`: stores the runs of a job together, sorted by time, so that the newest are on one or two pages. `moment`
    ///   is when the run was created, else started, else ended, else first seen. `name` is “+” and the rest after the
    ///   job's name, or “=” and the whole name. `seen` is when the current fields were first seen.
    /// - `status_change`: the statuses after the first one, which is in `run`.
    private static let first = """
        CREATE TABLE property (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
        CREATE TABLE place (
            id INTEGER PRIMARY KEY, instance NOT NULL, workspace NOT NULL, name,
            UNIQUE (instance, workspace));
        CREATE TABLE job (
            id INTEGER PRIMARY KEY, place INTEGER NOT NULL REFERENCES place (id), key NOT NULL, name, path,
            cron, zone, paused INTEGER, first_seen INTEGER NOT NULL,
            UNIQUE (place, key));
        CREATE TABLE sighting (job INTEGER PRIMARY KEY REFERENCES job (id), named INTEGER NOT NULL, answered INTEGER);
        CREATE TABLE label (id INTEGER PRIMARY KEY, text NOT NULL UNIQUE);
        CREATE TABLE trace (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, text, cause);
        CREATE TABLE run (
            job INTEGER NOT NULL REFERENCES job (id), moment INTEGER NOT NULL, key NOT NULL,
            status INTEGER NOT NULL REFERENCES label (id), created INTEGER, updated INTEGER, started INTEGER,
            ended INTEGER, execution INTEGER, launch INTEGER REFERENCES label (id), name,
            job_name INTEGER REFERENCES label (id), message, trace INTEGER REFERENCES trace (id), canceled INTEGER,
            created_by INTEGER REFERENCES label (id), created_by_name INTEGER REFERENCES label (id),
            run_as INTEGER REFERENCES label (id), seen INTEGER NOT NULL, first_seen INTEGER NOT NULL,
            first_status INTEGER NOT NULL REFERENCES label (id),
            PRIMARY KEY (job, moment, key)) WITHOUT ROWID;
        CREATE UNIQUE INDEX run_by_key ON run (job, key);
        CREATE INDEX run_by_trace ON run (trace) WHERE trace IS NOT NULL;
        CREATE TABLE status_change (
            job INTEGER NOT NULL REFERENCES job (id), key NOT NULL, seen INTEGER NOT NULL,
            status INTEGER NOT NULL REFERENCES label (id),
            PRIMARY KEY (job, key, seen)) WITHOUT ROWID;
        """

    /// The journal of actions. It contains the keys of places, jobs and runs, so that pruning does not affect it.
    /// `details` are the mode and the tasks of a repair, or the parameters of a run, separated by U+001E.
    private static let actions = """
        CREATE TABLE action (
            token NOT NULL PRIMARY KEY, begun INTEGER NOT NULL, ended INTEGER, system_user NOT NULL, principal NOT NULL,
            instance NOT NULL, workspace NOT NULL, place_name, job NOT NULL, job_name, run, verb NOT NULL,
            details NOT NULL, known_status, known_updated INTEGER, outcome NOT NULL, answer NOT NULL, request_id,
            started_run) WITHOUT ROWID;
        CREATE INDEX action_by_begun ON action (begun);
        """
}
