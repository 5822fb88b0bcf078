"""Holds the embedded service against Oracle's own Python client.

    python python_client.py ENDPOINT CONFIG PROFILE INSTANCE WORKSPACE

Every operation of the workflow API is called, and every way to sign in used: the API key of PROFILE, the session of the
profile SESSION, the instance and resource principals that the environment describes, and the workload identity of an OKE
cluster whose endpoint is at localhost:OKE_PORT with the certificate OKE_CERTIFICATE. Every check is an assertion; the
last line says how many there were.
"""

import os
import sys
from datetime import datetime, timedelta

import oci
from aidp_python_client.aidataplatform_dp import WorkflowClient, WorkspaceClient, models

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

details = client.get_job(instance, workspace, jobs[0].key).data
check(details.key == jobs[0].key and details.tasks, "one job with its tasks")
scheduled = next(job.key for job in jobs if job.schedule)
details_of_scheduled = client.get_job(instance, workspace, scheduled).data
check(details.job_clusters[0].cluster_key, "where it runs")
check(details_of_scheduled.schedule.quartz_cron_expression.count(" ") >= 5, "and when")
check(jobs[0].clusters and jobs[0].run_as and jobs[0].updated_by_name, "and whose it is")
one = client.list_jobs(instance, workspace, path=jobs[3].path, created_by=jobs[3].created_by).data.items
check([job.key for job in one] == [jobs[3].key], "a job is found by its path")
check(all(task.task_key and task.type for task in details.tasks), "every task has a key and a type")

until = max(created)
window = client.list_job_runs(
    instance, workspace, time_created_greater_than_or_equal_to=until - timedelta(minutes=5),
    time_created_less_than_or_equal_to=until, status=["FAILED", "SUCCESS"], limit=1000).data.items
check(window, "runs within a window of time")
check(all(until - timedelta(minutes=5) <= run.time_created <= until for run in window), "and none outside it")
since = [
    run.time_created for run in client.list_job_runs(
        instance, workspace, time_created_greater_than_or_equal_to=until - timedelta(minutes=5), limit=1000,
        sort_by="timeCreated", sort_order="ASC").data.items]
check(since == sorted(since) and len(since) >= len(window), "the runs of all jobs since a moment, oldest first")
active = client.list_job_runs(
    instance, workspace, status=["PENDING", "QUEUED", "RUNNING", "BLOCKED"], limit=1000).data.items
check(active and all(run.end_time is None for run in active), "the runs of all jobs that are not over")
failed = next(run for run in window if run.state.status == "FAILED")
whole = client.get_job_run(instance, workspace, failed.key, should_include_task_run_summaries=True)
check(whole.data.task_run_summary_map and whole.headers["etag"], "a run with its tasks and its version")
check(whole.data.lifecycle_states[-1].status == "FAILED", "and the statuses it has been through")

culprit = next(
    task for task in client.list_task_runs(instance, workspace, failed.key).data.items if task.state.status == "FAILED")
task = client.get_task_run(instance, workspace, culprit.key).data
check(task.job_run_key == failed.key and task.output_key, "one task run by its key")
check(len(task.retries) == task.retry_attempt, "with the tries before it")
output = client.fetch_output(
    instance, workspace, culprit.key, models.FetchOutputDetails(output_key=task.output_key)).data
check(output.error_trace and output.data[0].value, "what it printed, and why it failed")
check(output.data[0].type == "TEXT_PLAIN" and output.task_type == task.task.type, "as what")

started = None
for job in jobs:
    order = models.CreateJobRunDetails(job_key=job.key, parameters=[models.Parameter(name="day", value="today")])
    started = client.create_job_run(instance, workspace, order, opc_retry_token="start-" + job.key)
    if started.data.state.status == "QUEUED":
        again = client.create_job_run(instance, workspace, order, opc_retry_token="start-" + job.key)
        check(again.data.key == started.data.key, "a request is carried out once by its token")
        break
check(started.data.launched == "MANUAL" and started.data.parameters[0].value == "today", "a job is started by hand")
key = started.data.key
refused(412, "NoEtagMatch", client.cancel_job_run, instance, workspace, key, if_match="another")
canceled = client.cancel_job_run(instance, workspace, key, if_match=started.headers["etag"]).data
check(canceled.state.status in ("CANCELED", "CANCELING"), "a run is cancelled")
refused(409, "IncorrectState", client.cancel_job_run, instance, workspace, window[0].key)
repair = models.RepairJobRunDetails(repair_mode="RESUME")
repaired = client.repair_job_run(instance, workspace, failed.key, repair).data
check(repaired.state.status == "QUEUED", "a failed run is repaired")
check([attempt.type for attempt in repaired.repair_history] == ["ORIGINAL", "REPAIR"], "and its history says so")
refused(409, "IncorrectState", client.repair_job_run, instance, workspace, failed.key, repair)
refused(404, "NotAuthorizedOrNotFound", client.get_job_run, instance, workspace, "nothing")

session = oci.config.from_file(config_file, "SESSION")
with open(session["security_token_file"]) as file:
    token = file.read().strip()
with open(os.path.join(os.path.dirname(config_file), "service-account-token")) as file:
    service_account = file.read()
session_key = oci.signer.load_private_key_from_file(session["key_file"])
signers = {
    "session": oci.auth.signers.SecurityTokenSigner(token, session_key),
    "instance": oci.auth.signers.InstancePrincipalsSecurityTokenSigner(
        federation_endpoint=os.environ["OCI_SDK_AUTH_CLIENT_REGION_URL"] + "/v1/x509"),
    "resource": oci.auth.signers.get_resource_principals_signer(),
    "workload": oci.auth.signers.OkeWorkloadIdentityResourcePrincipalSigner(
        sa_token_provider=oci.auth.rpt_path_providers.SuppliedServiceAccountTokenProvider(service_account),
        sa_cert_path=os.environ["OKE_CERTIFICATE"], service_host="localhost", service_port=os.environ["OKE_PORT"]),
}
for name, signer in signers.items():
    somebody = WorkflowClient({"region": session["region"]}, signer=signer, service_endpoint=endpoint, **no_retry)
    check(len(somebody.list_jobs(instance, workspace, limit=3).data.items) == 3, f"signed in as {name}")

refused(400, "InvalidParameter", client.list_recent_job_runs, instance, workspace, asked, limit=26)
refused(400, "InvalidParameter", client.list_recent_job_runs, instance, workspace, asked, record_count=11)
refused(400, "InvalidParameter", client.list_recent_job_runs, instance, workspace, asked, page="made-up")
refused(404, "NotAuthorizedOrNotFound", client.list_jobs, instance, "nowhere")
refused(404, "NotAuthorizedOrNotFound", client.list_jobs, "ocid1.nothing", workspace)

stranger = dict(config, user="ocid1.user.oc1..stranger")
refused(401, "NotAuthenticated", WorkflowClient(stranger, service_endpoint=endpoint, **no_retry).list_jobs, instance, workspace)

print(f"{passed} passed, 0 failed")
