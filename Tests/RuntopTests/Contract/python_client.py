"""Holds the embedded service against Oracle's own Python client.

    python python_client.py ENDPOINT CONFIG PROFILE INSTANCE WORKSPACE

Every check is an assertion; the last line says how many there were.
"""

import sys
from datetime import datetime

import oci
from aidp_python_client.aidataplatform_dp import WorkflowClient, WorkspaceClient

endpoint, config_file, profile, instance, workspace = sys.argv[1:]
config = oci.config.from_file(config_file, profile)
no_retry = {"retry_strategy": oci.retry.NoneRetryStrategy()}
client = WorkflowClient(config, service_endpoint=endpoint, **no_retry)
passed = 0


def check(truth, what):
    global passed
    if not truth:
        sys.exit(f"failed: {what}")
    passed += 1


def refused(status, code, call, *arguments, **parameters):
    try:
        call(*arguments, **parameters)
    except oci.exceptions.ServiceError as error:
        check(error.status == status, f"status {error.status}, not {status}")
        check(code in (error.code or ""), f"code {error.code}, not {code}")
        check(error.message, "a message for people")
        check(error.request_id, "an opc-request-id")
        return
    sys.exit(f"failed: {call.__name__} {parameters} was not refused")


workspaces = WorkspaceClient(config, service_endpoint=endpoint, **no_retry).list_workspaces(instance).data.items
check(workspace in [item.key for item in workspaces], "the workspace is listed")

jobs = []
page = None
while True:
    answer = client.list_jobs(instance, workspace, limit=7, **({"page": page} if page else {}))
    check(len(answer.data.items) <= 7, "a page is no longer than its limit")
    jobs += answer.data.items
    page = answer.headers.get("opc-next-page")
    if not page:
        break
check(len(jobs) == 40 and len({job.key for job in jobs}) == 40, "all pages together have every job once")
check(all(job.name and job.key for job in jobs), "every job has a name and a key")
some = client.list_jobs(instance, workspace, display_name_contains="gold").data.items
check(some and all("gold" in job.name for job in some), "jobs are narrowed by name")

asked = [job.key for job in jobs[:6]]
runs = []
page = None
while True:
    answer = client.list_recent_job_runs(
        instance, workspace, asked, record_count=3, limit=5, sort_by="timeCreated", sort_order="DESC",
        **({"page": page} if page else {}))
    check(len(answer.data.items) <= 5, "a page is no longer than its limit")
    runs += answer.data.items
    page = answer.headers.get("opc-next-page")
    if not page:
        break
check(len(runs) == 18 and len({run.key for run in runs}) == 18, "three runs of each of six jobs")
check({run.job_key for run in runs} == set(asked), "of the jobs asked for, and no other")
created = [run.time_created for run in runs]
check(all(isinstance(moment, datetime) for moment in created), "timeCreated is a date")
check(created == sorted(created, reverse=True), "newest first")
check(all(run.state.status for run in runs), "every run has a status")
ended = [run for run in runs if run.end_time]
check(ended and all(run.end_time >= (run.start_time or 0) for run in ended), "no run ends before it starts")

listed = client.list_job_runs(instance, workspace, job_key=asked[0], limit=4).data.items
check(listed and all(run.job_key == asked[0] for run in listed), "runs of one job")
run = client.get_job_run(instance, workspace, runs[0].key).data
check(run.key == runs[0].key, "one run by its key")
tasks = client.list_task_runs(instance, workspace, runs[-1].key).data.items
check(tasks and all(task.job_run_key == runs[-1].key for task in tasks), "the tasks of a run")
check(all(task.state.status for task in tasks), "every task has a status")

refused(400, "InvalidParameter", client.list_recent_job_runs, instance, workspace, asked, limit=26)
refused(400, "InvalidParameter", client.list_recent_job_runs, instance, workspace, asked, record_count=11)
refused(400, "InvalidParameter", client.list_recent_job_runs, instance, workspace, asked, page="made-up")
refused(404, "NotAuthorizedOrNotFound", client.list_jobs, instance, "nowhere")
refused(404, "NotAuthorizedOrNotFound", client.list_jobs, "ocid1.nothing", workspace)

stranger = dict(config, user="ocid1.user.oc1..stranger")
refused(401, "NotAuthenticated", WorkflowClient(stranger, service_endpoint=endpoint, **no_retry).list_jobs, instance, workspace)

print(f"{passed} passed, 0 failed")
