-- A file of schema 2: as schema 1, with an action in the journal.
PRAGMA application_id = 1920233328;
PRAGMA user_version = 2;
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES('1');
INSERT INTO grdb_migrations VALUES('2');
CREATE TABLE property (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
INSERT INTO property VALUES('pruned',1777639000000);
CREATE TABLE place (
    id INTEGER PRIMARY KEY, instance NOT NULL, workspace NOT NULL, name,
    UNIQUE (instance, workspace));
INSERT INTO place VALUES(1,'ocid1.aidataplatform.oc1.iad.x','workspace-1','sales');
CREATE TABLE job (
    id INTEGER PRIMARY KEY, place INTEGER NOT NULL REFERENCES place (id), key NOT NULL, name, path,
    cron, zone, paused INTEGER, first_seen INTEGER NOT NULL,
    UNIQUE (place, key));
INSERT INTO job VALUES(1,1,'job-1','orders','/jobs/job-1','0 0 2 * * ?','Europe/Berlin',0,1777638700000);
CREATE TABLE sighting (job INTEGER PRIMARY KEY REFERENCES job (id), named INTEGER NOT NULL, answered INTEGER);
INSERT INTO sighting VALUES(1,1777639000000,1777639000000);
CREATE TABLE label (id INTEGER PRIMARY KEY, text NOT NULL UNIQUE);
INSERT INTO label VALUES(1,'RUNNING');
INSERT INTO label VALUES(2,'SCHEDULED');
INSERT INTO label VALUES(3,'orders');
INSERT INTO label VALUES(4,'ocid1.user.oc1..ada');
INSERT INTO label VALUES(5,'Ada');
INSERT INTO label VALUES(6,'FAILED');
INSERT INTO label VALUES(7,'SUCCESS');
CREATE TABLE trace (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, text, cause);
INSERT INTO trace VALUES(1,X'afab3e1bb356d1fc6093551ed156932f',X'2a020000789c535070cbcc495550ca2f4a492d2ad62ba854d251c8c9cc4b5530e75218951ad952dea995ae4545f945560aea9929ea00dd48a715','KeyError: ''id''');
CREATE TABLE run (
    job INTEGER NOT NULL REFERENCES job (id), moment INTEGER NOT NULL, key NOT NULL,
    status INTEGER NOT NULL REFERENCES label (id), created INTEGER, updated INTEGER, started INTEGER,
    ended INTEGER, execution INTEGER, launch INTEGER REFERENCES label (id), name,
    job_name INTEGER REFERENCES label (id), message, trace INTEGER REFERENCES trace (id), canceled INTEGER,
    created_by INTEGER REFERENCES label (id), created_by_name INTEGER REFERENCES label (id),
    run_as INTEGER REFERENCES label (id), seen INTEGER NOT NULL, first_seen INTEGER NOT NULL,
    first_status INTEGER NOT NULL REFERENCES label (id),
    PRIMARY KEY (job, moment, key)) WITHOUT ROWID;
INSERT INTO run VALUES(1,1777635000000,'succeeded',7,1777635000000,1777635061500,1777635001250,1777635061500,60250,2,'+_succeeded',3,NULL,NULL,NULL,4,5,4,1777639000000,1777639000000,7);
INSERT INTO run VALUES(1,1777638400000,X'3f2504e04f8941d39a0c0305e82c3301',6,1777638400000,1777638461500,1777638401250,1777638461500,60250,2,'+_3f2504e0-4f89-41d3-9a0c-0305e82c3301',3,'Task load failed',1,NULL,4,5,4,1777639000000,1777638700000,1);
INSERT INTO run VALUES(1,1777638980000,'running',1,1777638980000,1777638981250,1777638981250,NULL,NULL,2,'+_running',3,NULL,NULL,NULL,4,5,4,1777639000000,1777639000000,1);
CREATE TABLE status_change (
    job INTEGER NOT NULL REFERENCES job (id), key NOT NULL, seen INTEGER NOT NULL,
    status INTEGER NOT NULL REFERENCES label (id),
    PRIMARY KEY (job, key, seen)) WITHOUT ROWID;
INSERT INTO status_change VALUES(1,X'3f2504e04f8941d39a0c0305e82c3301',1777639000000,6);
CREATE UNIQUE INDEX run_by_key ON run (job, key);
CREATE INDEX run_by_trace ON run (trace) WHERE trace IS NOT NULL;
CREATE TABLE action (
    token NOT NULL PRIMARY KEY, begun INTEGER NOT NULL, ended INTEGER, system_user NOT NULL, principal NOT NULL,
    instance NOT NULL, workspace NOT NULL, place_name, job NOT NULL, job_name, run, verb NOT NULL,
    details NOT NULL, known_status, known_updated INTEGER, outcome NOT NULL, answer NOT NULL, request_id,
    started_run) WITHOUT ROWID;
INSERT INTO action VALUES('token-1',1777639000000,1777639002000,'ada','ocid1.user.oc1..ada','ocid1.aidataplatform.oc1.iad.x','workspace-1','sales','job-1','orders',X'3f2504e04f8941d39a0c0305e82c3301','repair','resume','FAILED',1777638461500,'confirmed','The run is repaired: it is QUEUED.','request-1',NULL);
CREATE INDEX action_by_begun ON action (begun);
