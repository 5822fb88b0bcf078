import GRDB

/// The tables of the history, and how older files become newer ones.
///
/// All moments are milliseconds since 1970 in UTC. Texts have two forms: see `StoredText`.
enum Schema {
    /// Marks the file as runtop's, in SQLite's `application_id`: “rtop”.
    static let applicationID = 0x7274_6F70
    /// The newest schema that this program knows, in SQLite's `user_version`. A file with a higher one is left alone.
    static let version = 2

    /// A released migration is never changed; a change is a new one, with a file of the schema before it for the tests.
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

    /// - `label`: short texts that many rows share: statuses, and the names of jobs and people. They are never deleted, so
    ///   that a number stands for the same text for ever.
    /// - `sighting`: apart from `job`, because it changes with every cycle: small rows that share few pages.
    /// - `run`: a job's runs lie together in the order of time, so that its newest are read from one or two pages.
    ///   `moment` is when it was created, else started, else ended, else first seen. `name` is “+” and what follows the job's
    ///   name, with which most names begin, or “=” and the whole name. `seen` is when its present fields were first seen.
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

    /// The journal of actions. It names places, jobs and runs by their own keys, so that it outlives what is pruned; it is not
    /// pruned itself. `details` are the mode and the tasks of a repair, or the parameters of a run, with U+001E between.
    private static let actions = """
        CREATE TABLE action (
            token NOT NULL PRIMARY KEY, begun INTEGER NOT NULL, ended INTEGER, system_user NOT NULL, principal NOT NULL,
            instance NOT NULL, workspace NOT NULL, place_name, job NOT NULL, job_name, run, verb NOT NULL,
            details NOT NULL, known_status, known_updated INTEGER, outcome NOT NULL, answer NOT NULL, request_id,
            started_run) WITHOUT ROWID;
        CREATE INDEX action_by_begun ON action (begun);
        """
}
