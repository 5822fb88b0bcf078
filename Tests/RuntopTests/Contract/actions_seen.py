"""Says what Oracle's own Python client sees of what runtop sent.

    python actions_seen.py ENDPOINT CONFIG PROFILE INSTANCE WORKSPACE KIND KEY [VALUE]

KIND is `failed` (prints the key of a failed run and its job's last task; KEY is ignored), `repaired` (the run KEY was
repaired, once, and is active or has succeeded; with VALUE, that task was among what was repaired), `started` (the run KEY
was started by hand by this user, with the parameter VALUE, NAME=VALUE), `canceled` (the run KEY is or is being canceled)
or `untouched` (the run KEY has not been repaired). The last line is `as it was said` when all is so.
"""

import sys

import oci
from aidp_python_client.aidataplatform_dp import WorkflowClient

endpoint, config_file, profile, instance, workspace, kind, key, *value = sys.argv[1:]
config = oci.config.from_file(config_file, profile)
client = WorkflowClient(config, service_endpoint=endpoint, retry_strategy=oci.retry.NoneRetryStrategy())


def check(truth, what):
    if not truth:
        sys.exit(f"failed: {what}")


if kind == "failed":
    runs = client.list_job_runs(instance, workspace, status=["FAILED"], limit=100).data.items
    for run in runs:
        tasks = client.get_job(instance, workspace, run.job_key).data.tasks
        if len(tasks) > 1:
            print(run.key, run.job_key, tasks[-1].task_key)
            sys.exit()
    sys.exit("failed: no failed run of a job with several tasks")

run = client.get_job_run(instance, workspace, key).data
if kind == "repaired":
    history = run.repair_history
    check([attempt.type for attempt in history] == ["ORIGINAL", "REPAIR"], f"one repair: {history}")
    check(run.state.status in ("QUEUED", "RUNNING", "SUCCESS"), f"it runs again: {run.state.status}")
    for task in value:
        check(history[-1].repaired_tasks == [task], f"the task {task} alone: {history[-1].repaired_tasks}")
elif kind == "started":
    check(run.launched == "MANUAL", "it was started by hand")
    check([f"{one.name}={one.value}" for one in run.parameters] == value, f"with its parameters: {run.parameters}")
elif kind == "canceled":
    check(run.state.status in ("CANCELING", "CANCELED"), f"it is canceled: {run.state.status}")
elif kind == "untouched":
    check(not run.repair_history, "it has not been repaired")
print("as it was said")
